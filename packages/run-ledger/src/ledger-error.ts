/** What can go wrong with a ledger: a place that is not safe to write to, or a disk that refuses. */
export type LedgerErrorCode = 'ledger_folder_unsafe' | 'ledger_write_failed' | 'ledger_closed';

export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
