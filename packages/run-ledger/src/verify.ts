import { Chain } from './chain.ts';

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

/**
 * Checks form, order, hashes and references of every row. Missing rows at the end cannot be seen from the text: for
 * that, see `verifyFolder`.
 */
export function verifyLedgerText(text: string): LedgerVerdict {
  const lines = text.split('\n');
  const torn = lines.pop() === '' ? {} : { tornLine: lines.length + 1 };
  const chain = new Chain();
  for (const line of lines) {
    const checked = chain.take(line);
    if (typeof checked !== 'string') continue;
    const { rows, head } = chain;
    return { ok: false, rows, head, broken: { line: rows + 1, problem: checked }, ...torn };
  }
  return { ok: true, rows: chain.rows, head: chain.head, ...torn };
}
