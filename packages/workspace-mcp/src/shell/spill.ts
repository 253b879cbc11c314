import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { FileError } from '../files/file-error.ts';
import { isSystemError } from '../files/system-error.ts';

/** A part of an output: all of it, or its beginning and its end. */
export interface Part {
  readonly head: string;
  /** Bytes that are left out. */
  readonly left: number;
  /** Byte from which on they are. */
  readonly leftFrom: number;
  readonly tail: string;
}

const HEAD = 8_000;
const TAIL = 16_000;

/** What a command printed, in a file that it writes to itself. */
export class Spill {
  readonly path: string;
  readonly #fd: number;
  /** Bytes that it had when it was removed. */
  #had: number | null = null;

  constructor(path: string) {
    this.path = path;
    const { O_CREAT, O_EXCL, O_RDWR, O_APPEND } = constants;
    this.#fd = openSync(path, O_CREAT | O_EXCL | O_RDWR | O_APPEND, 0o600);
  }

  get size(): number {
    return this.#had ?? fstatSync(this.#fd).size;
  }

  get isGone(): boolean {
    return this.#had !== null;
  }

  append(bytes: Buffer): void {
    try {
      writeSync(this.#fd, bytes);
    } catch (error) {
      // as what the command prints itself is lost then
      if (!isSystemError(error, 'ENOSPC')) throw error;
    }
  }

  /** @throws FileError when it made room for others */
  bytes(from: number, length: number): Buffer {
    if (this.isGone)
      throw new FileError('output_gone', 'what it printed made room for what later commands printed', {
        hint: 'Run it again, with its output to a file in a mounted folder if it has to stay.',
      });
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.size - from)));
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, bytes.length, from));
  }

  /** From a byte on to the end. */
  part(from: number, size = this.size): Part {
    const length = size - from;
    if (this.isGone) return { head: '', left: length, leftFrom: from, tail: '' };
    if (length <= HEAD + TAIL)
      return { head: this.bytes(from, length).toString(), left: 0, leftFrom: size, tail: '' };
    const head = wholeLines(this.bytes(from, HEAD), 'first');
    const tail = wholeLines(this.bytes(size - TAIL, TAIL), 'last');
    return {
      ...{ head: head.toString(), tail: tail.toString() },
      left: length - head.length - tail.length,
      leftFrom: from + head.length,
    };
  }

  /** The last bytes, without a line end behind them. */
  lastWords(): string {
    const { size } = this;
    return this.bytes(Math.max(0, size - 200), 200).toString();
  }

  /** Gives up what is beyond so many bytes. */
  cut(size: number): void {
    if (!this.isGone && this.size > size) ftruncateSync(this.#fd, size);
  }

  /** Gives up all of it. */
  remove(): void {
    if (this.isGone) return;
    this.#had = this.size;
    closeSync(this.#fd);
    rmSync(this.path, { force: true });
  }
}

/** Without the line that is cut in two, unless it is most of them. */
function wholeLines(bytes: Buffer, which: 'first' | 'last'): Buffer {
  const at = which === 'first' ? bytes.lastIndexOf(10) + 1 : bytes.indexOf(10) + 1;
  if (which === 'first') return at > bytes.length / 2 ? bytes.subarray(0, at) : bytes;
  return at > 0 && at < bytes.length / 2 ? bytes.subarray(at) : bytes;
}
