import { formatRef } from '../core/ref.ts';
import type { SnapshotLine } from '../page/api.ts';
import { lineText } from './line-text.ts';
import type { View, ViewLine } from './view.ts';

/** Bytes that a delta may take by itself. */
const BUDGET = 400;

/** What is different: `null` when the page is another one or hardly anything is as it was. */
export interface Delta {
  /** Lines that begin with `+`, `~` or `-`, the words of the page in quotes. Empty when nothing changed. */
  readonly lines: readonly string[];
  /** Further changes that did not fit. */
  readonly left: number;
}

/** Refs of fields whose values the model gave itself, and knows to be there. */
export type Known = ReadonlySet<string>;

/**
 * Compares two views of a frame by the refs of their lines: what was added, what is the same element and says
 * something else, what was removed. That something lost the focus is no news.
 */
export function deltaOf(before: View, after: View, known: Known = new Set()): Delta | null {
  if (before.top.document !== after.top.document) return null;
  const [old, now] = sameStretch(before, after);
  const changes = compare(old, now, known);
  const isOther = changes.length > 20 && changes.length > (old.size + now.size) / 2;
  if (isOther) return null;
  let left = BUDGET;
  const lines: string[] = [];
  for (const line of changes) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    lines.push(line);
  }
  return { lines, left: changes.length - lines.length };
}

type Keyed = ReadonlyMap<string, ViewLine>;

function compare(old: Keyed, now: Keyed, known: Known): readonly string[] {
  const added: string[] = [];
  const changed: string[] = [];
  for (const [key, line] of now) {
    const was = old.get(key);
    if (was === undefined) added.push(`+ ${line.text}`);
    else if (isNews(was, line, known.has(key))) changed.push(`~ ${line.text}`);
  }
  const removed = [...old].filter(([key]) => !now.has(key)).map(([, line]) => `- ${line.text}`);
  return [...changed, ...added, ...removed];
}

function isNews(was: ViewLine, line: ViewLine, isKnown: boolean): boolean {
  if (was.text === line.text) return false;
  if (was.told === null || line.told === null) return true;
  if (isKnown) return textOf(was.told, { value: false }) !== textOf(line.told, { value: false });
  return textOf(was.told, { value: true }) !== textOf(line.told, { value: true }) || isFocused(line.told);
}

const isFocused = ({ states }: SnapshotLine): boolean => states.includes('focused');

/** What a line says apart from the focus, and maybe the value. */
const textOf = (line: SnapshotLine, { value }: { readonly value: boolean }): string =>
  lineText(
    {
      ...line,
      states: line.states.filter((state) => state !== 'focused'),
      ...(!value && { value: '' }),
    },
    0,
  );

/** A view that was cut ends somewhere else each time: only the stretch that both have is compared. */
function sameStretch(before: View, after: View): readonly [Keyed, Keyed] {
  const old = keyed(before.lines);
  const now = keyed(after.lines);
  const isWhole = !before.isCut && !after.isCut;
  return isWhole ? [old, now] : [upToLastOf(old, now), upToLastOf(now, old)];
}

function upToLastOf(lines: Keyed, other: Keyed): Keyed {
  const entries = [...lines];
  const last = entries.findLastIndex(([key]) => other.has(key));
  return new Map(entries.slice(0, last + 1));
}

/** Lines by the refs of their elements, and others by what they say and in which element they say it. */
function keyed(lines: readonly ViewLine[]): Keyed {
  const found = new Map<string, ViewLine>();
  const above: string[] = [];
  for (const line of lines) {
    const own = line.ref === null ? `${above[line.depth - 1] ?? ''}>${line.text}` : formatRef(line.ref);
    let key = own;
    for (let again = 2; found.has(key); again += 1) key = `${own}#${again}`;
    found.set(key, line);
    above.length = line.depth;
    above[line.depth] = line.ref === null ? (above[line.depth - 1] ?? '') : own;
  }
  return found;
}
