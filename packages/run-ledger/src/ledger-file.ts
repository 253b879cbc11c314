import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { LedgerError } from './ledger-error.ts';

const SYNC_WITHIN_MS = 50;

/** A file that only this process appends to, whole lines only. */
interface LedgerFile {
  readonly path: string;
  /** Either the whole line is in the file on return, or none of it and an error is thrown. */
  appendLine(line: string): void;
  /** Flushes to the disk and closes. A second call does nothing. */
  close(): void;
}

function makePrivateFolder(folder: string): void {
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

/** Sorts by start time; unique even when a pid comes back within the same millisecond. */
function fileName(startedAt: Date): string {
  const started = startedAt.toISOString().replace(/[-:.]/g, '');
  return `${started}-${process.pid}-${randomBytes(4).toString('hex')}.jsonl`;
}

const refused = (path: string, cause: unknown): LedgerError =>
  new LedgerError('ledger_write_failed', `${path} cannot be written: ${String(cause)}`, { cause });

/** Creates a new, private file in `folder`. @throws LedgerError */
export function createLedgerFile(folder: string, startedAt: Date): LedgerFile {
  makePrivateFolder(folder);
  const path = join(folder, fileName(startedAt));
  const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants;
  const fd = openSync(path, O_APPEND | O_CREAT | O_EXCL | O_WRONLY, 0o600);
  return new AppendOnlyFile(path, fd);
}

class AppendOnlyFile implements LedgerFile {
  readonly path: string;
  readonly #fd: number;
  #size = 0;
  #open = true;
  #syncTimer: NodeJS.Timeout | undefined;
  #failure: unknown;

  constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
  }

  appendLine(line: string): void {
    if (!this.#open) throw new LedgerError('ledger_closed', `${this.path} is closed`);
    if (this.#failure !== undefined) throw refused(this.path, this.#failure);
    const bytes = Buffer.from(`${line}\n`);
    this.#writeWhole(bytes);
    this.#size += bytes.length;
    this.#syncTimer ??= setTimeout(() => this.#sync(), SYNC_WITHIN_MS).unref();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#syncTimer);
    try {
      fdatasyncSync(this.#fd);
    } finally {
      closeSync(this.#fd);
    }
  }

  #writeWhole(bytes: Buffer): void {
    try {
      const written = writeSync(this.#fd, bytes);
      if (written !== bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes fitted`);
    } catch (cause) {
      this.#dropPartOfLine();
      throw refused(this.path, cause);
    }
  }

  #dropPartOfLine(): void {
    try {
      ftruncateSync(this.#fd, this.#size);
    } catch (cause) {
      // The next row would be glued to a torn one: nothing more may be written.
      this.#failure = cause;
    }
  }

  #sync(): void {
    this.#syncTimer = undefined;
    fdatasync(this.#fd, (cause) => {
      if (cause && this.#open) this.#failure = cause;
    });
  }
}
