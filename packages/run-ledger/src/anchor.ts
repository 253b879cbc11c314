import { z } from 'zod';
import { hashedLine, faultOfLine } from './hashed-line.ts';
import { LEDGER_FILE_NAME } from './ledger-file.ts';
import { digestSchema } from './row.ts';
import { processLifeSchema } from './process-life.ts';

/** Name of the file of anchors in a ledger folder. */
export const ANCHORS = 'anchors.jsonl';

/** One line of `anchors.jsonl`: how far a ledger file reached, and what stood in `anchors.jsonl` before. */
export const anchorSchema = z.strictObject({
  v: z.literal(1),
  /** ISO 8601, UTC, milliseconds. */
  ts: z.iso.datetime(),
  /**
   * `open`: a file was begun. `head`: it has at least these rows. `close`: it has these rows and gets no more.
   * `found`: its writer ended without closing it, and these rows were found.
   */
  event: z.enum(['open', 'head', 'close', 'found']),
  file: z.string().regex(LEDGER_FILE_NAME),
  /** Number and hash of the last row; 0 and 64 zeros when there is none. */
  seq: z.int().min(0),
  head: digestSchema,
  /** SHA-256 of the first `at` bytes of `anchors.jsonl`: whatever stood there when this line was written. */
  at: z.int().min(0),
  prev: digestSchema,
  /** Bytes of a torn line just before this one, left by a process that was killed. */
  torn: z.int().min(1).optional(),
  /** Only with `open`: who writes the file. */
  writer: processLifeSchema.optional(),
  /** SHA-256 of `prev` and the line without `hash`. */
  hash: digestSchema,
});

export type Anchor = Readonly<z.infer<typeof anchorSchema>>;

/** How far a ledger file reaches. */
export interface Head {
  /** Number of the last row; 0 when there is none. */
  readonly seq: number;
  /** Hash of the last row; 64 zeros when there is none. */
  readonly hash: string;
}

export const anchorLine = (anchor: Omit<Anchor, 'hash'>): string => hashedLine(anchor, anchor.prev).line;

/** The anchor that a line holds, or what is wrong with it. */
export function readAnchor(line: string): Anchor | string {
  const parsed = anchorSchema.safeParse(parseJson(line));
  if (!parsed.success) return 'not an anchor';
  return faultOfLine(line, parsed.data, parsed.data.prev) ?? parsed.data;
}

/** True of the events after which a file gets no more rows. */
export const isFinal = ({ event }: Pick<Anchor, 'event'>): boolean => event === 'close' || event === 'found';

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // the caller says that it is no anchor
  }
}
