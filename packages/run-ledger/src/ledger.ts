import { createLedgerFile } from './ledger-file.ts';
import {
  FIRST_PREV,
  hashOfRow,
  ledgerFieldsSchema,
  ledgerOriginSchema,
  ROW_VERSION,
  type LedgerFields,
  type LedgerOrigin,
  type LedgerRow,
} from './row.ts';
import { canonicalJson } from './canonical-json.ts';

export interface LedgerOptions extends LedgerOrigin {
  /** Absolute path; created with mode 0700 when missing. */
  readonly folder: string;
}

/** One writing process's append-only, hash-chained file. */
export interface Ledger {
  readonly path: string;
  /**
   * Adds a row and returns it; the row is with the operating system on return and on the disk within 50 ms.
   * @throws LedgerError when it cannot be written (then no part of it was), ZodError for malformed fields
   */
  append(fields: LedgerFields): LedgerRow;
  /** Puts everything on the disk. A second call does nothing. */
  close(): void;
}

/** Starts a new ledger file. @throws LedgerError when the folder is not ours or cannot be written */
export function openLedger({ folder, ...given }: LedgerOptions): Ledger {
  const origin = ledgerOriginSchema.parse(given);
  const file = createLedgerFile(folder, new Date());
  let seq = 0;
  let prev = FIRST_PREV;

  const append = (fields: LedgerFields): LedgerRow => {
    const { session = origin.session, ...recorded } = ledgerFieldsSchema.parse(fields);
    const unhashed = {
      v: ROW_VERSION,
      seq: seq + 1,
      ts: new Date().toISOString(),
      ...origin,
      session,
      ...recorded,
      prev,
    } as const;
    const row = { ...unhashed, hash: hashOfRow(unhashed) };
    file.appendLine(canonicalJson(row));
    seq = row.seq;
    prev = row.hash;
    return row;
  };

  return { path: file.path, append, close: () => file.close() };
}
