import { z } from 'zod';
import { faultOfLine } from './hashed-line.ts';
import { FIRST_PREV, ledgerRowSchema, type LedgerRow } from './row.ts';

/** Follows the rows of one file from the first on. */
export class Chain {
  /** How many rows held. */
  rows = 0;
  /** Hash of the last row that held; 64 zeros before the first. */
  head = FIRST_PREV;
  readonly #intents = new Map<number, LedgerRow>();
  readonly #ended = new Set<number>();

  /** The row, or what is wrong with the line; nothing more may be asked after that. */
  take(line: string): LedgerRow | string {
    const row = readRow(line);
    if (typeof row === 'string') return row;
    const fault = this.#faultOf(row) ?? faultOfLine(line, row, row.prev);
    if (fault !== undefined) return fault;
    this.rows = row.seq;
    this.head = row.hash;
    if (row.phase === 'intent') this.#intents.set(row.seq, row);
    if (row.phase === 'outcome' && row.ref !== undefined) this.#end(row.ref);
    return row;
  }

  /** Intents without an outcome so far. */
  get unfinished(): readonly LedgerRow[] {
    return [...this.#intents.values()];
  }

  #faultOf({ seq, prev, phase, ref }: LedgerRow): string | undefined {
    if (seq !== this.rows + 1) return `seq is ${seq}, expected ${this.rows + 1}`;
    if (prev !== this.head) return 'prev is not the hash of the row before';
    if (phase !== 'outcome') return undefined;
    if (ref !== undefined && (this.#intents.has(ref) || this.#ended.has(ref))) return undefined;
    return `ref ${String(ref)} is not an intent before this row`;
  }

  #end(ref: number): void {
    this.#intents.delete(ref);
    this.#ended.add(ref);
  }
}

/** The row that a line holds, its hash unchecked, or what is wrong with it. */
export function readRow(line: string): LedgerRow | string {
  const value = parseJson(line);
  if (value === undefined) return 'not JSON';
  const parsed = ledgerRowSchema.safeParse(value);
  return parsed.success ? parsed.data : z.prettifyError(parsed.error).replace(/\s+/g, ' ');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // the caller reports the line
  }
}
