import { ToolError } from '@deskhand/server-runtime';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export const CHUNK_BYTES = 1024 ** 2;

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** What a file had in it. */
export interface Kept {
  readonly sha256: string;
  readonly size: number;
}

interface Placed {
  readonly path: string;
  /** Bytes that there are more now. */
  readonly added: number;
}

/** Contents in a file each, under the hash of their bytes; a crash of the machine may lose one until it is flushed. */
export class LooseObjects {
  readonly #folder: string;
  #bytes: number | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether it is known how many bytes they have. */
  get isCounted(): boolean {
    return this.#bytes !== null;
  }

  /** Bytes of all of them. */
  get bytes(): number {
    this.#bytes ??= this.#all().reduce((sum, name) => sum + sizeOf(this.#at(name)), 0);
    return this.#bytes;
  }

  has(sha256: string): boolean {
    return existsSync(this.#at(sha256));
  }

  /** Gives the path. */
  keep(sha256: string, bytes: Buffer): string {
    const temporary = this.#temporary();
    writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o600 });
    return this.#place(temporary, { sha256, size: bytes.length }).path;
  }

  /** Keeps what was read of an open file, and the rest of it. */
  keepRest(file: number, start: Buffer): Kept & Placed {
    const temporary = this.#temporary();
    const fd = openSync(temporary, NEW, 0o600);
    let kept: Kept;
    try {
      kept = hashRest(file, start, (part) => {
        for (let done = 0; done < part.length;) done += writeSync(fd, part, done);
      });
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    } finally {
      closeSync(fd);
    }
    return { ...kept, ...this.#place(temporary, kept) };
  }

  /** @throws ToolError `checkpoint_damaged` */
  read(sha256: string): Buffer {
    try {
      return readFileSync(this.#at(sha256));
    } catch (cause) {
      throw damaged(sha256, cause);
    }
  }

  /** @throws ToolError `checkpoint_damaged` */
  *parts(sha256: string): Generator<Buffer> {
    const fd = this.#open(sha256);
    try {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk))
        yield chunk.subarray(0, read);
    } finally {
      closeSync(fd);
    }
  }

  /** Removes what nobody needs, and what a process that was killed had begun. */
  sweep(needed: ReadonlySet<string>): void {
    for (const name of this.#all()) if (!needed.has(name)) rmSync(this.#at(name), { force: true });
    const begun = this.#entries().filter((name) => name.startsWith('new-'));
    for (const name of begun) rmSync(join(this.#folder, name), { force: true });
    this.#bytes = null;
  }

  #at(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }

  #open(sha256: string): number {
    try {
      return openSync(this.#at(sha256), constants.O_RDONLY);
    } catch (cause) {
      throw damaged(sha256, cause);
    }
  }

  #temporary(): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    return join(this.#folder, `new-${randomBytes(8).toString('hex')}`);
  }

  #place(temporary: string, { sha256, size }: Kept): Placed {
    mkdirSync(join(this.#folder, sha256.slice(0, 2)), { recursive: true, mode: 0o700 });
    const path = this.#at(sha256);
    const added = size - sizeOf(path);
    // also what is there already, which a crash may have left a part of
    renameSync(temporary, path);
    if (this.#bytes !== null) this.#bytes += added;
    return { path, added };
  }

  #all(): readonly string[] {
    return this.#entries()
      .filter((part) => part.length === 2)
      .flatMap((part) => readdirSync(join(this.#folder, part)));
  }

  #entries(): readonly string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder) : [];
  }
}

/** The hash of what was read of an open file and of the rest of it, each part of which is told. */
export function hashRest(file: number, start: Buffer, tell: (part: Buffer) => void = () => undefined): Kept {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let size = 0;
  for (let part = start; part.length > 0;) {
    hash.update(part);
    tell(part);
    size += part.length;
    part = chunk.subarray(0, readSync(file, chunk, 0, CHUNK_BYTES, null));
  }
  return { sha256: hash.digest('hex'), size };
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

export const damaged = (sha256: string, cause?: unknown): ToolError =>
  new ToolError('checkpoint_damaged', `a checkpoint lacks the content ${sha256.slice(0, 12)}`, {
    cause,
    hint: 'Other steps can still be undone, one by one.',
  });
