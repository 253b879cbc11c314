import { z } from 'zod';
import { canonicalJson, type Json } from './canonical-json.ts';
import { FIRST_PREV, hashOfRow, ledgerRowSchema, type LedgerRow } from './row.ts';

/** What is wrong with a line. */
export interface BrokenRow {
  /** Counted from 1. */
  readonly line: number;
  readonly problem: string;
}

/** What the text of a ledger file proves. */
export interface LedgerVerdict {
  /** Every whole row is as it was written. A torn last line does not count against it. */
  readonly ok: boolean;
  /** How many rows hold, from the first on. */
  readonly rows: number;
  /** Hash of the last row that holds; 64 zeros when there is none. */
  readonly head: string;
  /** The first row that does not hold. */
  readonly broken?: BrokenRow;
  /** Number of the last line when its end is missing, as a crash in mid-write leaves it. */
  readonly tornLine?: number;
}

interface Chain {
  readonly rows: number;
  readonly head: string;
  readonly intents: Set<number>;
}

/** Checks form, order, hashes and references of every row. Missing rows at the end cannot be seen from the text. */
export function verifyLedgerText(text: string): LedgerVerdict {
  const lines = text.split('\n');
  const torn = lines.pop() === '' ? {} : { tornLine: lines.length + 1 };
  let head = FIRST_PREV;
  const intents = new Set<number>();
  for (const [rows, line] of lines.entries()) {
    const checked = checkLine(line, { rows, head, intents });
    if (typeof checked === 'string')
      return { ok: false, rows, head, broken: { line: rows + 1, problem: checked }, ...torn };
    head = checked.hash;
    if (checked.phase === 'intent') intents.add(checked.seq);
  }
  return { ok: true, rows: lines.length, head, ...torn };
}

/** The row, or what is wrong with it. */
function checkLine(line: string, before: Chain): LedgerRow | string {
  const value = parseJson(line);
  if (value === undefined) return 'not JSON';
  const parsed = ledgerRowSchema.safeParse(value);
  if (!parsed.success) return z.prettifyError(parsed.error).replace(/\s+/g, ' ');
  const row = parsed.data;
  if (canonicalJson(value) !== line) return 'not written in canonical form';
  if (row.seq !== before.rows + 1) return `seq is ${row.seq}, expected ${before.rows + 1}`;
  if (row.prev !== before.head) return 'prev is not the hash of the row before';
  if (row.hash !== hashOfRow(row)) return 'hash does not match the row';
  if (row.phase === 'outcome' && (row.ref === undefined || !before.intents.has(row.ref)))
    return `ref ${String(row.ref)} is not an intent before this row`;
  return row;
}

function parseJson(line: string): Json | undefined {
  try {
    return z.json().parse(JSON.parse(line));
  } catch {
    return undefined; // the caller reports the line
  }
}
