import { closeSync, constants, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

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

  constructor(path: string, { maxBytes = 5 * 1024 * 1024, keep = 4 }: RotatingFileOptions = {}) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#keep = keep;
    this.#fd = openLog(path);
    this.#size = fstatSync(this.#fd).size;
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.#size > 0 && this.#size + bytes > this.#maxBytes) this.#rotate();
    writeSync(this.#fd, line);
    this.#size += bytes;
  }

  /** Opens the path anew, after another program moved the file away. */
  reopen(): void {
    closeSync(this.#fd);
    this.#fd = openLog(this.#path);
    this.#size = fstatSync(this.#fd).size;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #rotate(): void {
    const nth = (n: number): string => (n === 0 ? this.#path : `${this.#path}.${n}`);
    rmSync(nth(this.#keep), { force: true });
    for (let n = this.#keep - 1; n >= 0; n--) renameIfThere(nth(n), nth(n + 1));
    this.reopen();
  }
}

/** The file of a log that may hold private things, never through a link (where the system can tell). */
export const openLog = (path: string): number =>
  openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // the first rotations have fewer files
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
