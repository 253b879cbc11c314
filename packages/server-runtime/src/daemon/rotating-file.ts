import { closeSync, constants, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { shellWord } from '../shell-word.ts';
import { DaemonError } from './daemon-error.ts';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;

export interface RotatingFileOptions {
  /** A line that would make the file larger goes into a new one. Default 5 MiB. */
  readonly maxBytes?: number;
  /** How many older files `path.1`, `path.2` … are kept. Default 4. */
  readonly keep?: number;
}

/** A log file of bounded size. Writes are synchronous, so that the last line before a crash is there. */
export class RotatingFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #keep: number;
  #fd: number;
  #size: number;
  #isOpen = true;

  constructor(path: string, { maxBytes = 5 * 1024 * 1024, keep = 4 }: RotatingFileOptions = {}) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#keep = keep;
    this.#fd = openLog(path);
    this.#size = fstatSync(this.#fd).size;
  }

  /** A line that cannot be written, on a full disk for example, is lost: a log must not end what it tells about. */
  write(line: string): void {
    if (!this.#isOpen) return;
    try {
      const bytes = Buffer.byteLength(line);
      if (this.#size > 0 && this.#size + bytes > this.#maxBytes) this.#rotate();
      writeSync(this.#fd, line);
      this.#size += bytes;
    } catch {
      // there is nowhere to say it
    }
  }

  /** Opens the path anew, after another program moved the file away; goes on with the old file when that fails. */
  reopen(): void {
    if (!this.#isOpen) return;
    try {
      const fd = openLog(this.#path);
      closeSync(this.#fd);
      this.#fd = fd;
      this.#size = fstatSync(fd).size;
    } catch {
      // there is nowhere to say it
    }
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#fd);
    this.#isOpen = false;
  }

  #rotate(): void {
    const nth = (n: number): string => (n === 0 ? this.#path : `${this.#path}.${n}`);
    rmSync(nth(this.#keep), { force: true });
    for (let n = this.#keep - 1; n >= 0; n--) renameIfThere(nth(n), nth(n + 1));
    this.reopen();
  }
}

/**
 * The file of a log that may hold private things, never through a link (where the system can tell).
 *
 * @throws DaemonError when it cannot be opened
 */
export function openLog(path: string): number {
  try {
    return openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DaemonError(`the log cannot be written: ${reason}`, `Look at it: ls -l ${shellWord(path)}`, {
      cause,
    });
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // the first rotations have fewer files
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
