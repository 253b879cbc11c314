import { parseCombo } from '@deskhand/tier-policy';
import type { Keystroke } from '../../desktop.ts';

/** Keys that sway handles itself, as far as its configuration tells. */
export interface Bindings {
  readonly combos: ReadonlySet<string>;
  /** The configuration has parts that cannot be read from here. */
  readonly isPartial: boolean;
}

const BIND = /^\s*bindsym\s+((?:--\S+\s+)*)(\S+)/;
const SET = /^\s*set\s+(\$\S+)\s+(.+?)\s*$/;
const UNREADABLE = /^\s*(include\b|bindcode\b|bindsym\s.*--to-code|bindsym\s*\{)/;
const MODE_BLOCK = /^\s*mode\s[^\n]*\{[^{}]*\}/gm;
const NAMES: ReadonlyMap<string, string> = new Map([
  ['mod4', 'super'],
  ['mod1', 'alt'],
  ['control', 'ctrl'],
]);

const keyOf = (modifiers: readonly string[], key: string | null): string =>
  [...modifiers].sort().join('+') + ` ${(key ?? '').toLowerCase()}`;

/** Reads the text of a configuration (sway(5)), without its modes: nothing is sent while one is active. */
export function bindingsOf(text: string): Bindings {
  const lines = text.replaceAll('\\\n', ' ').replaceAll(MODE_BLOCK, '').split('\n');
  const variables = new Map<string, string>();
  const combos = new Set<string>();
  for (const line of lines) {
    const [, name, value] = SET.exec(line) ?? [];
    if (name !== undefined && value !== undefined) variables.set(name, value);
    const bound = BIND.exec(line)?.[2];
    if (bound === undefined) continue;
    const combo = comboOf(substituted(bound, variables));
    if (combo !== null) combos.add(combo);
  }
  return { combos, isPartial: lines.some((line) => UNREADABLE.test(line)) };
}

function substituted(text: string, variables: ReadonlyMap<string, string>): string {
  const longestFirst = [...variables].toSorted(([a], [b]) => b.length - a.length);
  return longestFirst.reduce((done, [name, value]) => done.replaceAll(name, value), text);
}

function comboOf(bound: string): string | null {
  const parts = bound.split('+').map((part) => NAMES.get(part.toLowerCase()) ?? part);
  const parsed = parseCombo(parts.join('+'));
  return parsed.ok ? keyOf(parsed.combo.modifiers, parsed.combo.key) : null;
}

/**
 * Sway would keep the keystroke for itself, or it is not known that it does not. Bindings made while it runs are not
 * told, so everything with the logo key counts, and with an unreadable configuration everything with alt or with
 * several modifiers.
 */
export function isBound({ modifiers, key }: Keystroke, { combos, isPartial }: Bindings): boolean {
  if (modifiers.includes('super') || combos.has(keyOf(modifiers, key))) return true;
  return isPartial && (modifiers.includes('alt') || modifiers.length > 1);
}
