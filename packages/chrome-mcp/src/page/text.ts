import type { SnapshotLine } from './api.ts';
import type { Item } from './item.ts';
import { isCell } from './kinds.ts';

const LONGEST_ROW = 16;
const ASCII = /^[\x20-\x7e]*$/u;

/** What was gathered, as lines: rows and options side by side, everything else one below the other. */
export function linesOf(items: readonly Item[], depth = 0): readonly SnapshotLine[] {
  return items.flatMap((item) => linesOfItem(item, depth));
}

/** Bytes that a line takes when it is written out, roughly. */
export function sizeOf(line: SnapshotLine): number {
  const own = line.role.length + size(line.name) + size(line.value ?? '') + size(line.states.join(' '));
  const parts = (line.parts ?? []).flat().map((part) => sizeOf(part) + 1);
  const frame = 6 + line.depth * 2 + (line.ref === null ? 0 : 7) + (line.folded === undefined ? 0 : 60);
  return own + frame + parts.reduce((sum, part) => sum + part, 0);
}

const size = (text: string): number => (ASCII.test(text) ? text.length : text.length * 2);

function linesOfItem(item: Item, depth: number): readonly SnapshotLine[] {
  const { children, ...head } = item;
  const line = { ...head, depth };
  if (children.length === 0) return isLone(item) ? [] : [line];
  const [only] = children;
  const canHoist = item.ref === null && item.name === '' && (isCell(item.role) || item.role === 'listitem');
  if (canHoist && children.length === 1 && only !== undefined) return linesOfItem(only, depth);
  const parts = partsOf(item, children);
  if (parts !== null) return [{ ...line, parts }];
  return [line, ...linesOf(children, depth + 1)];
}

const isLone = ({ role, name, ref, value }: Item): boolean =>
  isCell(role) && name === '' && ref === null && value === undefined;

/** The cells of a row, when each is short enough to stand beside the others. */
function partsOf({ role }: Item, children: readonly Item[]): NonNullable<SnapshotLine['parts']> | null {
  if (role === 'row')
    return children.length > LONGEST_ROW || !children.every(isFlatCell) ? null : children.map(cell);
  const areOptions = children.every((child) => isBareOption(child) || child.role === 'more');
  if (areOptions) return children.map((option) => [flat(option)]);
  const isSingle = children.length === 1 && children[0]?.role === 'text' && isLeaf(children[0]);
  if (isSingle) return [children.map(flat)];
  const isShort = role === 'listitem' && children.length <= 4 && children.every(isLeaf);
  return isShort ? [children.map(flat)] : null;
}

const isLeaf = ({ children, isFrame, unseen }: Item): boolean =>
  children.length === 0 && isFrame === undefined && unseen === undefined;

const isBareOption = ({ role, ref, children }: Item): boolean =>
  role === 'option' && ref === null && children.length === 0;

const isFlatCell = (item: Item): boolean =>
  isLeaf(item) || (isCell(item.role) && item.unseen === undefined && item.children.every(isLeaf));

const cell = (item: Item): readonly SnapshotLine[] =>
  isCell(item.role) && item.ref === null && item.name === ''
    ? item.children.map(flat)
    : [flat(item), ...item.children.map(flat)];

function flat(item: Item): SnapshotLine {
  const { role, name, ref, value, states, folded } = item;
  const more = { ...(value !== undefined && { value }), ...(folded !== undefined && { folded }) };
  return { depth: 0, role, name, ref, states, ...more };
}
