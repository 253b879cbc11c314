import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ToolError } from '@deskhand/server-runtime';
import { sha256Of } from '../files/content.ts';
import { treeSchema, type Tree } from './node.ts';

const CHUNK = 1024 ** 2;

/** What a file had in it. */
export interface Kept {
  readonly sha256: string;
  readonly size: number;
}

/** Contents under the hash of their bytes, each in a file of its own that is whole or absent. */
export class Objects {
  readonly #folder: string;
  #bytes: number | null = null;
  /** Written since they were last flushed to the disk. */
  #fresh: string[] = [];
  #added = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Bytes of all of them. */
  get bytes(): number {
    return (this.#bytes ??= this.#all().reduce((sum, name) => sum + sizeOf(this.at(name)), 0));
  }

  /** Bytes that were added since this was asked last. */
  takeAdded(): number {
    const added = this.#added;
    this.#added = 0;
    return added;
  }

  /** Objects that a crash of the machine could still lose. */
  takeFresh(): readonly string[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  at(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }

  has(sha256: string): boolean {
    return existsSync(this.at(sha256));
  }

  keep(bytes: Buffer): string {
    const sha256 = sha256Of(bytes);
    if (!this.has(sha256)) {
      const temporary = this.#temporary();
      const fd = openSync(temporary, NEW, 0o600);
      try {
        for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
      } finally {
        closeSync(fd);
      }
      this.#place(temporary, sha256, bytes.length);
    }
    return sha256;
  }

  /** Keeps what an open file has in it, from where it stands; with `isHashOnly` only its name is found out. */
  keepFile(file: number, expected: number, isHashOnly: boolean): Kept {
    const first = Buffer.allocUnsafe(Math.min(expected + 1, CHUNK));
    const read = readSync(file, first, 0, first.length, null);
    const small = first.subarray(0, read);
    if (read <= expected && read < first.length) {
      return { sha256: isHashOnly ? sha256Of(small) : this.keep(Buffer.from(small)), size: read };
    }
    return this.#keepLarge(file, small, isHashOnly);
  }

  keepTree(tree: Tree): string {
    return this.keep(Buffer.from(JSON.stringify(tree)));
  }

  /** @throws ToolError `checkpoint_damaged` */
  tree(sha256: string): Tree {
    const bytes = this.#read(sha256);
    if (sha256Of(bytes) !== sha256) throw damaged(sha256);
    return treeSchema.parse(JSON.parse(bytes.toString('utf8')));
  }

  /** The bytes of a file, at most so many of them; for showing. */
  start(sha256: string, most: number): Buffer {
    return this.#read(sha256).subarray(0, most);
  }

  /** Removes what nobody needs any more. */
  sweep(needed: ReadonlySet<string>): void {
    for (const name of this.#all()) if (!needed.has(name)) rmSync(this.at(name), { force: true });
    this.#bytes = null;
  }

  #read(sha256: string): Buffer {
    try {
      return readFileSync(this.at(sha256));
    } catch (cause) {
      throw damaged(sha256, cause);
    }
  }

  #keepLarge(file: number, start: Buffer, isHashOnly: boolean): Kept {
    const hash = createHash('sha256');
    const temporary = isHashOnly ? '/dev/null' : this.#temporary();
    const fd = openSync(temporary, isHashOnly ? constants.O_WRONLY : NEW, 0o600);
    let size = 0;
    try {
      const chunk = Buffer.allocUnsafe(CHUNK);
      for (let part = start; part.length > 0;) {
        hash.update(part);
        for (let done = 0; done < part.length;) done += writeSync(fd, part, done);
        size += part.length;
        part = chunk.subarray(0, readSync(file, chunk, 0, CHUNK, null));
      }
    } catch (error) {
      if (!isHashOnly) rmSync(temporary, { force: true });
      throw error;
    } finally {
      closeSync(fd);
    }
    const sha256 = hash.digest('hex');
    if (!isHashOnly) this.#place(temporary, sha256, size);
    return { sha256, size };
  }

  #temporary(): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    return join(this.#folder, `new-${randomBytes(8).toString('hex')}`);
  }

  #place(temporary: string, sha256: string, size: number): void {
    mkdirSync(join(this.#folder, sha256.slice(0, 2)), { recursive: true, mode: 0o700 });
    const before = this.#bytes;
    renameSync(temporary, this.at(sha256));
    if (before !== null) this.#bytes = before + size;
    this.#added += size;
    this.#fresh.push(this.at(sha256));
  }

  /** Names of all; what a process that was killed had begun goes on the way. */
  #all(): readonly string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder).flatMap((part) => {
      if (part.length === 2) return readdirSync(join(this.#folder, part));
      rmSync(join(this.#folder, part), { force: true });
      return [];
    });
  }
}

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Has the disk hold a file. */
export function flush(path: string): void {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

const run = promisify(execFile);

/** Has the disk hold all that was written to the file system of a folder. */
export async function flushAll(folder: string, signal?: AbortSignal): Promise<void> {
  await run('sync', ['--file-system', folder], signal && { signal });
}

export const damaged = (sha256: string, cause?: unknown): ToolError =>
  new ToolError('checkpoint_damaged', `a checkpoint lacks the content ${sha256.slice(0, 12)}`, {
    cause,
    hint: 'Other steps can still be undone, one by one.',
  });
