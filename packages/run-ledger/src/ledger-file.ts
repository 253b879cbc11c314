import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { LedgerError } from './ledger-error.ts';

/** Name of a ledger file: start time, process, and something that nobody else has. */
export const LEDGER_FILE_NAME = /^\d{8}T\d{9}Z-\d+-[0-9a-f]{8}\.jsonl$/;

/** A file that only this process appends to, whole lines only. */
export interface LedgerFile {
  readonly path: string;
  readonly name: string;
  /** Either the whole line is in the file on return, or none of it and an error is thrown. */
  appendLine(line: string): void;
  /**
   * Puts what was appended so far on the disk, then calls `done`; a disk that refuses fails the next append, and so
   * does a file that was moved away.
   */
  sync(done: () => void): void;
  /** Waits until what was appended is on the disk. @throws LedgerError */
  syncNow(): void;
  /** Flushes to the disk and closes. A second call does nothing. @throws LedgerError */
  close(): void;
  /** Closes and removes a file that nothing vouches for, so that failing again and again leaves nothing behind. */
  discard(): void;
}

/** Sorts by start time; unique even when a pid comes back within the same millisecond. */
function fileName(startedAt: Date): string {
  const started = startedAt.toISOString().replace(/[-:.]/g, '');
  return `${started}-${process.pid}-${randomBytes(4).toString('hex')}.jsonl`;
}

export const writeRefused = (path: string, cause: unknown): LedgerError =>
  new LedgerError('ledger_write_failed', `${path} cannot be written: ${String(cause)}`, { cause });

/** Creates a new, private file in `folder`. @throws LedgerError */
export function createLedgerFile(folder: string, startedAt: Date): LedgerFile {
  const name = fileName(startedAt);
  const path = join(folder, name);
  const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants;
  try {
    return new AppendOnlyFile({
      path,
      name,
      fd: openSync(path, O_APPEND | O_CREAT | O_EXCL | O_WRONLY, 0o600),
    });
  } catch (cause) {
    throw writeRefused(path, cause);
  }
}

class AppendOnlyFile implements LedgerFile {
  readonly path: string;
  readonly name: string;
  readonly #fd: number;
  #size = 0;
  #open = true;
  #failure: unknown;

  constructor({ path, name, fd }: { path: string; name: string; fd: number }) {
    this.path = path;
    this.name = name;
    this.#fd = fd;
  }

  appendLine(line: string): void {
    if (!this.#open) throw new LedgerError('ledger_closed', `${this.path} is closed`);
    if (this.#failure !== undefined) throw writeRefused(this.path, this.#failure);
    const bytes = Buffer.from(`${line}\n`);
    this.#writeWhole(bytes);
    this.#size += bytes.length;
  }

  sync(done: () => void): void {
    fdatasync(this.#fd, (cause) => {
      if (!this.#open) return;
      this.#failure ??= cause ?? this.#whyLost();
      if (this.#failure === undefined) done();
    });
  }

  syncNow(): void {
    try {
      fdatasyncSync(this.#fd);
    } catch (cause) {
      this.#failure = cause;
      throw writeRefused(this.path, cause);
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      this.syncNow();
    } finally {
      closeSync(this.#fd);
    }
  }

  discard(): void {
    this.#open = false;
    closeSync(this.#fd);
    rmSync(this.path, { force: true });
  }

  /** What is written to a file that is at its place no more, nobody would ever find. */
  #whyLost(): Error | undefined {
    const [own, there] = [fstatSync(this.#fd), lstatSync(this.path, { throwIfNoEntry: false })];
    if (there?.ino === own.ino && there.dev === own.dev) return undefined;
    return new Error('it was moved, removed or replaced while it was written; start again');
  }

  #writeWhole(bytes: Buffer): void {
    try {
      const written = writeSync(this.#fd, bytes);
      if (written !== bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes fitted`);
    } catch (cause) {
      this.#dropPartOfLine();
      throw writeRefused(this.path, cause);
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
}
