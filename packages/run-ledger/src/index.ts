export { openLedger, type Ledger, type LedgerOptions } from './ledger.ts';
export { LedgerError, type LedgerErrorCode } from './ledger-error.ts';
export {
  ledgerFieldsSchema,
  ledgerRowSchema,
  type LedgerFields,
  type LedgerOrigin,
  type LedgerRow,
} from './row.ts';
export { digestJson, isJson, sha256, type Json } from './canonical-json.ts';
export { verifyLedgerText, type BrokenRow, type LedgerVerdict } from './verify.ts';
export { verifyFolder, type VerifyOptions } from './verify/verify-folder.ts';
export type { FileVerdict, FolderVerdict, Problem, Unfinished } from './verify/verdict.ts';
export { parsePrintedAnchor, type PrintedAnchor } from './verify/printed-anchor.ts';
