import { readSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Of } from '../files/content.ts';
import { flushEach } from './disk.ts';
import { CHUNK_BYTES, damaged, hashRest, LooseObjects, type Kept } from './loose-objects.ts';
import { treeSchema, type Tree } from './node.ts';
import type { PackWriter } from './pack-writer.ts';
import { Packs } from './packs.ts';

/** What is larger has a file of its own. */
const MOST_PACKED = 256 * 1024;
/** So few contents get a file each. */
const FEW = 8;
const PACKS = 'packs';

/**
 * Contents under the hash of their bytes: in a file each, or many small ones in a pack. Whoever keeps or removes any
 * holds the lock of the session, from {@link begin} to {@link end}.
 */
export class Objects {
  readonly #loose: LooseObjects;
  readonly #packs: Packs;
  /** Small ones that are in no file yet. */
  readonly #small = new Map<string, Buffer>();
  #writer: PackWriter | null = null;
  /** Files that a crash of the machine could still lose. */
  #fresh: string[] = [];
  #added = 0;
  #held: Buffer | null = null;

  constructor(folder: string) {
    this.#loose = new LooseObjects(folder);
    this.#packs = new Packs(join(folder, PACKS));
  }

  /** Bytes of all of them. */
  get bytes(): number {
    if (!this.#loose.isCounted) this.#packs.refresh();
    return this.#loose.bytes + this.#packs.bytes;
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
    for (const [sha256, bytes] of small) this.#fresh.push(this.#loose.keep(sha256, bytes));
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
      this.#loose.has(sha256)
    );
  }

  keep(bytes: Buffer): string {
    const sha256 = sha256Of(bytes);
    if (this.has(sha256)) return sha256;
    this.#added += bytes.length;
    if (bytes.length > MOST_PACKED) this.#fresh.push(this.#loose.keep(sha256, bytes));
    else if (this.#writer !== null) this.#writer.add(sha256, bytes);
    else {
      this.#small.set(sha256, bytes);
      if (this.#small.size > FEW) this.#pack();
    }
    return sha256;
  }

  /** Keeps what an open file has in it, from where it stands; with `isHashOnly` only its name is found out. */
  keepFile(file: number, expected: number, isHashOnly: boolean): Kept {
    const first = expected < MOST_PACKED ? Buffer.allocUnsafe(expected + 1) : this.#chunk();
    const read = readSync(file, first, 0, first.length, null);
    const start = first.subarray(0, read);
    if (read <= expected && read < first.length) {
      if (isHashOnly) return { sha256: sha256Of(start), size: read };
      // a small one waits for others, and the chunk is filled again
      const isShared = first.length === CHUNK_BYTES && read <= MOST_PACKED;
      return { sha256: this.keep(isShared ? Buffer.from(start) : start), size: read };
    }
    if (isHashOnly) return hashRest(file, start);
    const { path, added, ...kept } = this.#loose.keepRest(file, start);
    this.#added += added;
    this.#fresh.push(path);
    return kept;
  }

  /** One for all large files: new memory takes as long as reading into it. */
  #chunk(): Buffer {
    this.#held ??= Buffer.allocUnsafe(CHUNK_BYTES);
    return this.#held;
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
    if (small === null) yield* this.#loose.parts(sha256);
    else yield small;
  }

  /** Removes what nobody needs any more. */
  sweep(needed: ReadonlySet<string>): void {
    this.end();
    this.#loose.sweep(needed);
    this.#packs.sweep(needed);
  }

  #read(sha256: string): Buffer {
    return this.#readSmall(sha256) ?? this.#loose.read(sha256);
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

  #pack(): void {
    this.#writer = this.#packs.write();
    for (const [sha256, bytes] of this.#small) this.#writer.add(sha256, bytes);
    this.#small.clear();
  }
}
