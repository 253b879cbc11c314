import { parseCombo } from '@deskhand/tier-policy';
import type { Keystroke } from '../../desktop.ts';
import type { Shortcuts } from '../compositor.ts';
import type { Bind } from './answers.ts';

/** Bits of a modmask. */
const BITS: ReadonlyMap<string, number> = new Map([
  ['shift', 0x01],
  ['ctrl', 0x04],
  ['alt', 0x08],
  ['super', 0x40],
]);
const DEFAULT_SUBMAP = 'default';

/** Keys that Hyprland handles itself. */
export function shortcutsOf(binds: readonly Bind[], submap: string): Shortcuts {
  const active = binds.filter((bind) => bind.submap === '');
  return {
    isBound: (stroke) => stroke.modifiers.includes('super') || active.some((bind) => catches(bind, stroke)),
    mode: submap === DEFAULT_SUBMAP ? null : submap,
  };
}

/** A binding by the number of a key could be any key. */
function catches(
  { modmask, key, keycode, catch_all }: Bind,
  { modifiers, key: pressed }: Keystroke,
): boolean {
  const mask = modifiers.reduce((bits, name) => bits | (BITS.get(name) ?? 0), 0);
  if (mask !== modmask) return false;
  if (catch_all || keycode > 0 || /^code:/i.test(key)) return true;
  return pressed !== null && nameOf(key) === nameOf(pressed);
}

function nameOf(key: string): string {
  const parsed = parseCombo(key);
  return (parsed.ok && parsed.combo.key !== null ? parsed.combo.key : key).toLowerCase();
}
