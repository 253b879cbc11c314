import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { LedgerError } from './ledger-error.ts';

/** Creates the folder when missing and makes it mode 0700. @throws LedgerError when it is a link or not ours */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory())
    throw new LedgerError('ledger_folder_unsafe', `${folder} is not a folder; move it away`);
  const uid = process.geteuid?.();
  if (uid === undefined) return;
  if (stat.uid !== uid)
    throw new LedgerError('ledger_folder_unsafe', `${folder} belongs to uid ${stat.uid}, not to ${uid}`);
  if ((stat.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}
