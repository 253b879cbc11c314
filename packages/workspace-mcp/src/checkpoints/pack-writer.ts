import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, renameSync, rmSync, writevSync } from 'node:fs';
import { join } from 'node:path';

/** Where a content is in a pack. */
export interface InPack {
  readonly at: number;
  readonly size: number;
}

/** Before each content: its SHA-256 and its length. */
export const HEAD_BYTES = 40;
const MOST_BUFFERED = 1024 ** 2;

/** A pack that is being written; nobody else sees it before it is whole. */
export class PackWriter {
  readonly entries = new Map<string, InPack>();
  readonly #folder: string;
  readonly #temporary: string;
  readonly #fd: number;
  #parts: Buffer[] = [];
  #buffered = 0;
  #size = 0;

  /** @param folder - is there */
  constructor(folder: string) {
    this.#folder = folder;
    this.#temporary = join(folder, `new-${randomBytes(8).toString('hex')}`);
    this.#fd = openSync(this.#temporary, 'wx+', 0o600);
  }

  get size(): number {
    return this.#size;
  }

  add(sha256: string, bytes: Buffer): void {
    const head = Buffer.alloc(HEAD_BYTES);
    head.write(sha256, 'hex');
    head.writeBigUInt64BE(BigInt(bytes.length), HEAD_BYTES - 8);
    this.#parts.push(head, bytes);
    this.entries.set(sha256, { at: this.#size + HEAD_BYTES, size: bytes.length });
    this.#size += HEAD_BYTES + bytes.length;
    this.#buffered += HEAD_BYTES + bytes.length;
    if (this.#buffered > MOST_BUFFERED) this.#write();
  }

  read({ at, size }: InPack): Buffer {
    this.#write();
    const bytes = Buffer.alloc(size);
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, size, at));
  }

  /** Makes it one of the packs, and gives its name. */
  finish(): string {
    const name = `${randomBytes(8).toString('hex')}.pack`;
    try {
      this.#write();
      renameSync(this.#temporary, join(this.#folder, name));
    } catch (error) {
      rmSync(this.#temporary, { force: true });
      throw error;
    } finally {
      closeSync(this.#fd);
    }
    return name;
  }

  #write(): void {
    let [parts, left] = [this.#parts, this.#buffered];
    [this.#parts, this.#buffered] = [[], 0];
    for (;;) {
      const written = writevSync(this.#fd, parts.slice(0, MOST_PARTS));
      left -= written;
      if (left === 0) return;
      parts = without(parts, written);
    }
  }
}

/** As many as the system takes at once. */
const MOST_PARTS = 1_024;

function without(parts: readonly Buffer[], bytes: number): Buffer[] {
  let left = bytes;
  const first = parts.findIndex((part) => {
    if (part.length > left) return true;
    left -= part.length;
    return false;
  });
  const [cut, ...rest] = parts.slice(first);
  return cut === undefined ? [] : [cut.subarray(left), ...rest];
}
