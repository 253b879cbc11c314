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
import { ToolError } from '@deskhand/server-runtime';
import { sha256Of } from '../files/content.ts';
import { flushEach } from './disk.ts';
import { treeSchema, type Tree } from './node.ts';
import type { PackWriter } from './pack-writer.ts';
import { Packs } from './packs.ts';

const CHUNK = 1024 ** 2;
/** What is larger has a file of its own. */
const MOST_PACKED = 256 * 1024;
/** So few contents get a file each. */
const FEW = 8;
const PACKS = 'packs';

/** What a file had in it. */
export interface Kept {
  readonly sha256: string;
  readonly size: number;
}

/**
 * Contents under the hash of their bytes: in a file each, or many small ones in a pack. Whoever keeps or removes any
 * holds the lock of the session, from {@link begin} to {@link end}.
 */
export class Objects {
  readonly #folder: string;
  readonly #packs: Packs;
  /** Small ones that are in no file yet. */
  readonly #small = new Map<string, Buffer>();
  #writer: PackWriter | null = null;
  #bytes: number | null = null;
  /** Files that a crash of the machine could still lose. */
  #fresh: string[] = [];
  #added = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#packs = new Packs(join(folder, PACKS));
  }

  /** Bytes of all of them. */
  get bytes(): number {
    if (this.#bytes === null) this.#packs.refresh();
    this.#bytes ??= this.#all().reduce((sum, name) => sum + sizeOf(this.#at(name)), 0);
    return this.#bytes + this.#packs.bytes;
  }

  /** Looks at what other processes left. */
  begin(): void {
    this.#packs.refresh();
  }

  /** Puts what was kept into files, which a crash of the machine may still lose. */
  end(): void {
    const [writer, small] = [this.#writer, [...this.#small]];
    this.#writer = null;
    this.#small.clear();
    if (writer !== null) this.#fresh.push(this.#packs.take(writer));
    for (const [sha256, bytes] of small) this.#keepAlone(sha256, bytes);
  }

  /** Has the disk hold all that was kept, and another file. */
  async settle(also: string): Promise<void> {
    this.end();
    const fresh = this.#fresh;
    this.#fresh = [];
    await flushEach([...fresh, also]);
  }

  /** Bytes that were added since this was asked last. */
  takeAdded(): number {
    const added = this.#added;
    this.#added = 0;
    return added;
  }

  has(sha256: string): boolean {
    return (
      this.#small.has(sha256) ||
      this.#writer?.entries.has(sha256) === true ||
      this.#packs.has(sha256) ||
      existsSync(this.#at(sha256))
    );
  }

  keep(bytes: Buffer): string {
    const sha256 = sha256Of(bytes);
    if (this.has(sha256)) return sha256;
    this.#added += bytes.length;
    if (bytes.length > MOST_PACKED) this.#keepAlone(sha256, bytes);
    else if (this.#writer !== null) this.#writer.add(sha256, bytes);
    else {
      this.#small.set(sha256, bytes);
      if (this.#small.size > FEW) this.#pack();
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

  /** The bytes of a file in parts, to be proven by whoever uses them. @throws ToolError `checkpoint_damaged` */
  *parts(sha256: string): Generator<Buffer> {
    const small = this.#readSmall(sha256);
    if (small !== null) {
      yield small;
      return;
    }
    const fd = this.#open(sha256);
    try {
      const chunk = Buffer.allocUnsafe(CHUNK);
      for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk))
        yield chunk.subarray(0, read);
    } finally {
      closeSync(fd);
    }
  }

  /** Removes what nobody needs any more. */
  sweep(needed: ReadonlySet<string>): void {
    this.end();
    for (const name of this.#all()) if (!needed.has(name)) rmSync(this.#at(name), { force: true });
    this.#discardBegun();
    this.#packs.sweep(needed);
    this.#bytes = null;
  }

  #at(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }

  #read(sha256: string): Buffer {
    const small = this.#readSmall(sha256);
    if (small !== null) return small;
    try {
      return readFileSync(this.#at(sha256));
    } catch (cause) {
      throw damaged(sha256, cause);
    }
  }

  #readSmall(sha256: string): Buffer | null {
    const written = this.#writer?.entries.get(sha256);
    if (written !== undefined) return this.#writer?.read(written) ?? null;
    try {
      return this.#small.get(sha256) ?? this.#packs.read(sha256);
    } catch (cause) {
      throw damaged(sha256, cause);
    }
  }

  #open(sha256: string): number {
    try {
      return openSync(this.#at(sha256), constants.O_RDONLY);
    } catch (cause) {
      throw damaged(sha256, cause);
    }
  }

  #pack(): void {
    this.#writer = this.#packs.write();
    for (const [sha256, bytes] of this.#small) this.#writer.add(sha256, bytes);
    this.#small.clear();
  }

  #keepAlone(sha256: string, bytes: Buffer): void {
    const temporary = this.#temporary();
    writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o600 });
    this.#place(temporary, sha256, bytes.length);
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
    if (!isHashOnly) {
      this.#added += size;
      this.#place(temporary, sha256, size);
    }
    return { sha256, size };
  }

  #temporary(): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    return join(this.#folder, `new-${randomBytes(8).toString('hex')}`);
  }

  #place(temporary: string, sha256: string, size: number): void {
    mkdirSync(join(this.#folder, sha256.slice(0, 2)), { recursive: true, mode: 0o700 });
    renameSync(temporary, this.#at(sha256));
    if (this.#bytes !== null) this.#bytes += size;
    this.#fresh.push(this.#at(sha256));
  }

  /** Names of all that have a file each. */
  #all(): readonly string[] {
    return this.#entries()
      .filter((part) => part.length === 2)
      .flatMap((part) => readdirSync(join(this.#folder, part)));
  }

  /** What a process that was killed had begun. */
  #discardBegun(): void {
    const begun = this.#entries().filter((name) => name.startsWith('new-'));
    for (const name of begun) rmSync(join(this.#folder, name), { force: true });
  }

  #entries(): readonly string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder) : [];
  }
}

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

export const damaged = (sha256: string, cause?: unknown): ToolError =>
  new ToolError('checkpoint_damaged', `a checkpoint lacks the content ${sha256.slice(0, 12)}`, {
    cause,
    hint: 'Other steps can still be undone, one by one.',
  });
