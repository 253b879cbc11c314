import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { isFinal, type Anchor, type Head } from '../anchor.ts';
import { Chain, readRow } from '../chain.ts';
import { fileLines } from '../file-lines.ts';
import { isMissing } from '../plain-file.ts';
import { mayLive, type ProcessLife } from '../process-life.ts';
import type { FileVerdict, Problem, Unfinished } from './verdict.ts';

export interface CheckedFile {
  readonly verdict?: FileVerdict;
  readonly problems: readonly Problem[];
  readonly unfinished: readonly Unfinished[];
}

/** A number of rows that was promised, and by what. */
export interface Promised extends Head {
  readonly by: string;
}

export interface FileClaims {
  readonly folder: string;
  /** What `anchors.jsonl` says of this file. */
  readonly anchors: readonly Anchor[];
  /** What was kept elsewhere. */
  readonly promised: readonly Promised[];
  readonly own: ProcessLife;
}

interface Content {
  readonly chain: Chain;
  readonly broken: Problem | undefined;
  /** What follows the last whole line. */
  readonly rest: Buffer;
  /** Hashes of the rows that somebody vouches for, by number. */
  readonly hashes: ReadonlyMap<number, string>;
}

/** Checks every row of a file, and the file against what is known of it. */
export function checkFile(file: string, { folder, anchors, promised, own }: FileClaims): CheckedFile {
  const all: Promised[] = [
    ...anchors.map(({ seq, head, ts }) => ({ seq, hash: head, by: `the anchor of ${ts}` })),
    ...promised,
  ];
  const content = readContent(join(folder, file), file, new Set(all.map(({ seq }) => seq)));
  if (content === undefined)
    return { problems: [{ file, problem: `is missing; it had ${most(all)} rows or more` }], unfinished: [] };
  const { chain, broken, rest } = content;
  const tornBytes = rest.length;
  const problems = [
    ...(broken === undefined ? [] : [broken]),
    ...brokenPromises(file, content, all),
    ...strayRows(file, content, anchors),
    ...strayEnd(file, content, anchors),
  ];
  const state = stateOf(anchors);
  const writer = anchors.find(({ event }) => event === 'open')?.writer;
  const outcome = state === 'open' && writer !== undefined && mayLive(writer, own) ? 'running' : 'unknown';
  return {
    verdict: { file, rows: chain.rows, head: chain.head, state, ...(tornBytes > 0 && { tornBytes }) },
    problems,
    unfinished: chain.unfinished.map(({ seq, ts, run, session, name }) => {
      return { file, seq, ts, run, session, name, outcome };
    }),
  };
}

const most = (promised: readonly Promised[]): number => Math.max(0, ...promised.map(({ seq }) => seq));

/** `undefined` when there is no such file. */
function readContent(path: string, file: string, wanted: ReadonlySet<number>): Content | undefined {
  const chain = new Chain();
  const hashes = new Map<number, string>();
  let broken: Problem | undefined;
  try {
    const lines = fileLines(path);
    let next = lines.next();
    for (; next.done !== true; next = lines.next()) {
      if (broken !== undefined) continue;
      const row = isUtf8(next.value) ? chain.take(next.value.toString('utf8')) : 'not UTF-8';
      if (typeof row === 'string') broken = { file, line: chain.rows + 1, problem: row };
      else if (wanted.has(row.seq)) hashes.set(row.seq, row.hash);
    }
    return { chain, broken, rest: next.value, hashes };
  } catch (error) {
    if (isMissing(error)) return undefined;
    return {
      chain,
      broken: { file, problem: `cannot be read: ${String(error)}` },
      rest: Buffer.alloc(0),
      hashes,
    };
  }
}

const ROW_START = Buffer.from('{"actor":"');

/** A torn row is the beginning of one: a whole one with something after it was changed. */
function isTornRow(rest: Buffer): boolean {
  const start = rest.subarray(0, ROW_START.length);
  if (!start.equals(ROW_START.subarray(0, start.length))) return false;
  return rest.length === 0 || typeof readRow(rest.subarray(0, -1).toString('utf8')) === 'string';
}

/** Rows that were there once and are not there now. */
function brokenPromises(file: string, content: Content, all: readonly Promised[]): Problem[] {
  const { chain, hashes, broken } = content;
  const cut = all.reduce((furthest, each) => (each.seq > furthest.seq ? each : furthest), {
    seq: 0,
    by: '',
  });
  const problems: Problem[] = [];
  if (broken === undefined && cut.seq > chain.rows)
    problems.push({ file, problem: `was cut: it has ${chain.rows} rows, and had ${cut.seq} by ${cut.by}` });
  const other = all.find(({ seq, hash }) => seq > 0 && seq <= chain.rows && hashes.get(seq) !== hash);
  if (other !== undefined)
    problems.push({ file, line: other.seq, problem: `is not the row that stood there by ${other.by}` });
  return problems;
}

/** Rows that no anchor allows: of a file that nobody opened, or after the end of one. */
function strayRows(file: string, { chain, rest }: Content, anchors: readonly Anchor[]): Problem[] {
  const isEmpty = chain.rows === 0 && rest.length === 0;
  if (!anchors.some(({ event }) => event === 'open'))
    return isEmpty ? [] : [{ file, problem: 'has no anchor: it was added, or its anchors were removed' }];
  const end = anchors.find(isFinal);
  if (end === undefined || (chain.rows <= end.seq && rest.length === 0)) return [];
  return [{ file, line: end.seq + 1, problem: `was added after the file ended with ${end.seq} rows` }];
}

/** Of a file that has not ended, where a torn row may follow the last one. */
function strayEnd(file: string, { chain, broken, rest }: Content, anchors: readonly Anchor[]): Problem[] {
  if (broken !== undefined || anchors.some(isFinal) || isTornRow(rest)) return [];
  return [{ file, line: chain.rows + 1, problem: 'the end of the line was changed' }];
}

function stateOf(anchors: readonly Anchor[]): FileVerdict['state'] {
  if (anchors.some(({ event }) => event === 'close')) return 'closed';
  return anchors.some(isFinal) ? 'ended' : 'open';
}
