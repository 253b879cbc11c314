import { foundAsIs, LINE_END, spansAfter, type Edit, type Span } from './edit.ts';
import { isPlain } from './encoding.ts';
import { AROUND, partsOf, type Part } from './file-text.ts';
import { TextLines } from './text-lines.ts';

/** More places are replaced faster in a text. */
const MAX_PLACES = 100;
const ASCII = /^[\0-\x7f]*$/;
const LINE_FEED = 0x0a;

/** Bytes that were changed in some places, and what is new there. */
export interface EditedBytes {
  readonly bytes: Buffer;
  readonly replaced: number;
  readonly parts: readonly Part[];
}

/**
 * Applies edits as `applyEdits` does, to a plain text whose lines end with line feeds, without making a text of it: in a
 * large file that takes longer than all else. `null` for other files, and where an edit does not meet its place.
 */
export function applyToBytes(bytes: Buffer, edits: readonly Edit[]): EditedBytes | null {
  if (!isPlain(bytes) || bytes.includes('\r')) return null;
  let replaced = 0;
  let result = bytes;
  let spans: readonly Span[] = [];
  for (const edit of edits) {
    const words = edit.old_string.replaceAll(LINE_END, '\n');
    const fresh = edit.new_string.replaceAll(LINE_END, '\n');
    const isEdit = words !== '' && edit.old_string !== edit.new_string;
    if (!isEdit || !ASCII.test(words) || !ASCII.test(fresh)) return null;
    const found = foundAsIs(result, words);
    const most = edit.replace_all === true ? MAX_PLACES : 1;
    if (found.length === 0 || found.length > most) return null;
    spans = spansAfter(spans, found, Array(found.length).fill(fresh));
    result = replaceAt(result, found, Buffer.from(fresh, 'latin1'));
    replaced += found.length;
  }
  return { bytes: result, replaced, parts: spans.flatMap((span) => partAt(result, span)) };
}

function replaceAt(bytes: Buffer, places: readonly Span[], fresh: Buffer): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const { from, to } of places) {
    parts.push(bytes.subarray(done, from), fresh);
    done = to;
  }
  return Buffer.concat([...parts, bytes.subarray(done)]);
}

/** The lines of a part, with those around them. */
function partAt(bytes: Buffer, { from, to }: Span): readonly Part[] {
  let start = lineStart(bytes, from);
  for (let above = 0; above < AROUND && start > 0; above++) start = lineStart(bytes, start - 1);
  let end = lineEnd(bytes, Math.max(from, to - 1));
  for (let below = 0; below < AROUND; below++) end = lineEnd(bytes, end);
  const lines = new TextLines(bytes.toString('latin1', start, end));
  const changed = { from: lines.at(from - start), to: lines.at(Math.max(from, to - 1) - start) };
  const before = feedsIn(bytes, start);
  return partsOf(lines, [changed]).map((part) => ({ ...part, from: part.from + before }));
}

/** Where the line begins that has a byte. */
const lineStart = (bytes: Buffer, at: number): number =>
  at === 0 ? 0 : bytes.lastIndexOf(LINE_FEED, at - 1) + 1;

/** What is behind the line that has a byte, and behind its end. */
function lineEnd(bytes: Buffer, at: number): number {
  const feed = at < bytes.length ? bytes.indexOf(LINE_FEED, at) : -1;
  return feed < 0 ? bytes.length : feed + 1;
}

/** Line feeds before a place. */
function feedsIn(bytes: Buffer, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0 && at < to; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}
