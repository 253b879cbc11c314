import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { ANCHORS, readAnchor, type Anchor } from '../anchor.ts';
import type { Problem } from './verdict.ts';

/** The anchors of a folder, and what is wrong with their file. */
export interface CheckedAnchors {
  readonly anchors: readonly Anchor[];
  readonly problems: readonly Problem[];
}

interface Line {
  readonly number: number;
  readonly start: number;
  readonly length: number;
  /** The anchor, or what is wrong with the line. */
  readonly anchor: Anchor | string;
}

/** Checks each line, and that each vouches for the bytes that stand before it. */
export function checkAnchors(bytes: Buffer): CheckedAnchors {
  const lines = linesOf(bytes);
  const said = lines.flatMap(({ start, number, anchor }) =>
    typeof anchor === 'string' ? [] : [{ start, number, anchor }],
  );
  const digests = prefixDigests(
    bytes,
    said.map(({ anchor }) => anchor.at),
  );
  const problems: Problem[] = malformed(lines);
  for (const { start, number, anchor } of said)
    if (anchor.at > start || digests.get(anchor.at) !== anchor.prev)
      problems.push({ file: ANCHORS, line: number, problem: 'what stands before is not what stood there' });
  problems.push(...repeated(said));
  if (bytes.length > 0 && isChangedLineEnd(bytes))
    problems.push({ file: ANCHORS, line: lines.length + 1, problem: 'the end of the line was changed' });
  return { anchors: said.map(({ anchor }) => anchor), problems };
}

function linesOf(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', start)) {
    const line = bytes.subarray(start, end);
    const anchor = isUtf8(line) ? readAnchor(line.toString('utf8')) : 'not UTF-8';
    lines.push({ number: lines.length + 1, start, length: line.length, anchor });
    start = end + 1;
  }
  return lines;
}

/** Lines that stand there twice. Only two processes that end the same dead file at once write the same line. */
function repeated(said: readonly { readonly number: number; readonly anchor: Anchor }[]): Problem[] {
  const seen = new Set<string>();
  return said.flatMap(({ number, anchor: { hash, event } }) => {
    const isRepeated = event !== 'found' && seen.has(hash);
    seen.add(hash);
    return isRepeated ? [{ file: ANCHORS, line: number, problem: 'stands there twice' }] : [];
  });
}

/** Lines that are no anchors, except those that the next writer found torn. */
function malformed(lines: readonly Line[]): Problem[] {
  return lines.flatMap(({ number, length, anchor }, index) => {
    if (typeof anchor !== 'string') return [];
    const next = lines[index + 1]?.anchor;
    // two writers that find the same torn line both end it, which leaves an empty one
    if (typeof next === 'object' && (next.torn === length || (next.torn !== undefined && length === 0)))
      return [];
    return [{ file: ANCHORS, line: number, problem: anchor }];
  });
}

const ANCHOR_START = Buffer.from('{"at":');

/** A torn line is the beginning of one: a whole one with something after it was changed. */
function isChangedLineEnd(bytes: Buffer): boolean {
  const tail = bytes.subarray(bytes.lastIndexOf('\n') + 1);
  const start = tail.subarray(0, ANCHOR_START.length);
  if (!start.equals(ANCHOR_START.subarray(0, start.length))) return true;
  return tail.length > 0 && typeof readAnchor(tail.subarray(0, -1).toString('utf8')) === 'object';
}

/** SHA-256 of the first bytes of `bytes`, by their number. */
export function prefixDigests(bytes: Buffer, lengths: readonly number[]): ReadonlyMap<number, string> {
  const hash = createHash('sha256');
  const digests = new Map<number, string>();
  let done = 0;
  for (const length of [...new Set(lengths)].sort((a, b) => a - b)) {
    if (length > bytes.length) break;
    hash.update(bytes.subarray(done, length));
    done = length;
    digests.set(length, hash.copy().digest('hex'));
  }
  return digests;
}
