import { ANCHORS, type Head } from '../anchor.ts';
import { LEDGER_FILE_NAME } from '../ledger-file.ts';
import { prefixDigests } from './check-anchors.ts';
import type { Promised } from './check-file.ts';
import type { FolderVerdict, Problem } from './verdict.ts';

/** A statement of how far a folder reached, short enough to be kept on paper or in a mail. */
export interface PrintedAnchor {
  readonly ts: string;
  /** Bytes of `anchors.jsonl`, and their SHA-256: this vouches for every file that had ended. */
  readonly bytes: number;
  readonly digest: string;
  /** Files that had not ended, by name. */
  readonly heads: ReadonlyMap<string, Head>;
}

const MARK = 'run-ledger-anchor/1';
const PREFIX = /^(\d{1,15}):([0-9a-f]{64})$/;
const HEAD = /^([^=]+)=(\d{1,15}):([0-9a-f]{64})$/;

/** One line: mark, time, `bytes:digest` of `anchors.jsonl`, then `file=rows:hash` of each file that may still grow. */
export function printAnchor(verdict: FolderVerdict, anchors: Buffer, now: Date): string {
  const digest = prefixDigests(anchors, [anchors.length]).get(anchors.length) ?? '';
  const heads = verdict.files
    .filter(({ state, rows }) => state === 'open' && rows > 0)
    .map(({ file, rows, head }) => `${file}=${rows}:${head}`);
  return [MARK, now.toISOString(), `${anchors.length}:${digest}`, ...heads].join(' ');
}

/** `undefined` when the text is no printed anchor. */
export function parsePrintedAnchor(text: string): PrintedAnchor | undefined {
  const [mark, ts = '', anchors = '', ...rest] = text.trim().split(/\s+/);
  const prefix = PREFIX.exec(anchors);
  const heads = rest.map((word) => HEAD.exec(word));
  if (mark !== MARK || prefix === null) return undefined;
  const found = new Map<string, Head>();
  for (const head of heads) {
    const [, file = '', seq, hash = ''] = head ?? [];
    if (!LEDGER_FILE_NAME.test(file)) return undefined;
    found.set(file, { seq: Number(seq), hash });
  }
  return { ts, bytes: Number(prefix[1]), digest: prefix[2] ?? '', heads: found };
}

/** What the anchors that are there now lack of those that were there then. */
export function checkPrefix({ ts, bytes, digest }: PrintedAnchor, anchors: Buffer): Problem[] {
  if (prefixDigests(anchors, [bytes]).get(bytes) === digest) return [];
  return [
    { file: ANCHORS, problem: `does not begin with the ${bytes} bytes that it had by the anchor of ${ts}` },
  ];
}

export const promisedBy = ({ ts, heads }: PrintedAnchor, file: string): Promised[] => {
  const head = heads.get(file);
  return head === undefined ? [] : [{ ...head, by: `the printed anchor of ${ts}` }];
};
