import { quoted } from '@deskhand/server-runtime';
import { formatRef } from '../core/ref.ts';
import type { Folded, SnapshotLine } from '../page/api.ts';

/** A line without its indent; what the page says in it is in quotes. */
export function lineText(line: SnapshotLine, frame: number): string {
  const { folded, parts } = line;
  if (folded !== undefined) return foldedText(folded, frame);
  const head = headOf(line, frame);
  if (parts === undefined) return head;
  const isChosen = line.value !== undefined;
  const cells = parts.map((cell) => cell.map((part) => partText(part, frame, isChosen)).join(' '));
  return `${head}: ${cells.join(' | ')}`;
}

function headOf({ role, name, ref, value, states, unseen }: SnapshotLine, frame: number): string {
  const isText = role === 'text';
  return [
    unseen === undefined ? '' : `unseen (${unseen})`,
    isText ? quoted(name) : role,
    isText || name === '' ? '' : quoted(name),
    ref === null ? '' : `[${formatRef({ frame, node: ref })}]`,
    value === undefined || value === '' ? '' : `= ${quoted(value)}`,
    states.length === 0 ? '' : `(${states.join(', ')})`,
  ]
    .filter((word) => word !== '')
    .join(' ');
}

/** A cell, or an option of a list that says itself what is chosen. */
function partText(part: SnapshotLine, frame: number, isChosen: boolean): string {
  if (part.folded !== undefined) return foldedText(part.folded, frame);
  if (part.role !== 'option' || part.ref !== null) return headOf(part, frame);
  const states = part.states.filter((state) => !isChosen || state !== 'selected');
  return states.length === 0 ? quoted(part.name) : `${quoted(part.name)} (${states.join(', ')})`;
}

function foldedText({ count, refs, within }: Folded, frame: number): string {
  const range = refs === null ? '' : `, ${refs.map((node) => formatRef({ frame, node })).join('..')}`;
  const whole = within === null ? '' : `; all: snapshot within ${formatRef({ frame, node: within })}, page 1`;
  return `… ${count} more${range}${whole}`;
}
