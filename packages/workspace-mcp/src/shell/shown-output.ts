import { fenced, markedLine } from '@deskhand/server-runtime';
import type { Part } from './spill.ts';

/** Characters of an answer, however many of them had to be named. */
const MOST_CHARACTERS = 26_000;

/** Colours, movements of the cursor and titles of windows. */
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_()][0-9A-B]?)/g;

/** Lines of what was printed, and the bytes of it that are in none of them. */
export interface Shown {
  readonly lines: readonly string[];
  readonly left: number;
  /** Byte from which on they are. */
  readonly leftFrom: number;
}

interface End {
  readonly lines: readonly string[];
  /** Bytes of the lines that are shown whole, and of the others. */
  readonly whole: number;
  readonly rest: number;
}

/** All of an output where there is room for it, else its beginning and its end. */
export function shownOf(part: Part): Shown {
  const all = endOf(part.head, MOST_CHARACTERS, 'first');
  if (part.left === 0 && all.rest === 0) return { lines: all.lines, left: 0, leftFrom: part.leftFrom };
  const first = endOf(part.head, MOST_CHARACTERS / 3, 'first');
  const last = endOf(part.left === 0 ? part.head : part.tail, (MOST_CHARACTERS * 2) / 3, 'last');
  const left = part.left === 0 ? first.rest - last.whole : part.left + first.rest + last.rest;
  return {
    lines: [...first.lines, `(${left} bytes left out)`, ...last.lines],
    left,
    // of one line that is cut there is more in the file alone
    leftFrom: first.whole === 0 ? part.leftFrom : part.leftFrom - first.rest,
  };
}

function endOf(text: string, most: number, which: 'first' | 'last'): End {
  if (text === '') return { lines: [], whole: 0, rest: 0 };
  const given = text.replace(/\n$/, '').split('\n');
  // a line that was written over is what was written last
  const lines = fenced(
    given.map((line) => markedLine(line.replace(/\r+$/, '').replace(/^.*\r/, '').replaceAll(ESCAPES, ''))),
  );
  const kept: string[] = [];
  let length = 0;
  let count = 0;
  for (const line of which === 'first' ? lines : lines.toReversed()) {
    const room = most - length;
    if (line.length + 1 > room) {
      if (room > 40)
        kept.push(which === 'first' ? `${line.slice(0, room - 2)}…` : `> …${line.slice(4 - room)}`);
      break;
    }
    kept.push(line);
    length += line.length + 1;
    count += 1;
  }
  const hidden = which === 'first' ? given.slice(count) : given.slice(0, given.length - count);
  const rest = hidden.length === 0 ? 0 : Buffer.byteLength(hidden.join('\n')) + 1;
  return {
    lines: which === 'first' ? kept : kept.toReversed(),
    whole: Math.max(0, Buffer.byteLength(text) - rest),
    rest,
  };
}
