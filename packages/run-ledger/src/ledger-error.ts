/** What can go wrong with a ledger: an unsafe place, a disk that refuses, or a folder that cannot be read. */
export type LedgerErrorCode =
  'ledger_folder_unsafe' | 'ledger_write_failed' | 'ledger_closed' | 'ledger_unreadable';

export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
