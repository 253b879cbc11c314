import { closeSync, constants, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
const MOST_BYTES = 1024 * 1024;

/** What a server writes to its standard error: a file of at most 1 MiB, and the one before it as `path.1`. */
export class BoundedLog {
  readonly #path: string;
  #fd: number;
  #size: number;
  #isOpen = true;

  /** @throws Error of the system when the file cannot be opened, or is a link */
  constructor(path: string) {
    this.#path = path;
    this.#fd = open(path);
    this.#size = fstatSync(this.#fd).size;
  }

  /** What cannot be written is lost: a log must not end what it tells about. */
  write(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    try {
      if (this.#size > 0 && this.#size + bytes.length > MOST_BYTES) this.#rotate();
      const kept = bytes.subarray(0, MOST_BYTES);
      writeSync(this.#fd, kept);
      this.#size += kept.length;
    } catch {
      // there is nowhere to say it
    }
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#fd);
    this.#isOpen = false;
  }

  #rotate(): void {
    renameSync(this.#path, `${this.#path}.1`);
    const fd = open(this.#path);
    closeSync(this.#fd);
    this.#fd = fd;
    this.#size = 0;
  }
}

const open = (path: string): number => openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
