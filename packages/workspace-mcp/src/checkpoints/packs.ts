import { closeSync, constants, fstatSync, mkdirSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemError } from '../files/system-error.ts';
import { openThere } from './disk.ts';
import { HEAD_BYTES, PackWriter, type InPack } from './pack-writer.ts';

const NAME = /^[0-9a-f]{16}\.pack$/;
/** A pack of which less than this is needed is written anew. */
const WORTH = 0.6;

interface Packed extends InPack {
  readonly pack: string;
}

/** Small contents, many to a file, since the disk takes long for each file. */
export class Packs {
  readonly #folder: string;
  readonly #index = new Map<string, Packed>();
  readonly #sizes = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  get bytes(): number {
    return [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  /** Looks which packs there are: other processes of the session may have made and removed some. */
  refresh(): void {
    const names = new Set(this.#names());
    const gone = new Set([...this.#sizes.keys()].filter((name) => !names.has(name)));
    if (gone.size > 0)
      for (const [sha256, { pack }] of this.#index) if (gone.has(pack)) this.#index.delete(sha256);
    for (const name of gone) this.#sizes.delete(name);
    for (const name of names) if (!this.#sizes.has(name)) this.#scan(name);
  }

  has(sha256: string): boolean {
    return this.#index.has(sha256);
  }

  /** `null` when it has none of that name; it may be another one by now. */
  read(sha256: string): Buffer | null {
    const entry = this.#index.get(sha256);
    if (entry === undefined) return null;
    const fd = openSync(join(this.#folder, entry.pack), constants.O_RDONLY);
    try {
      const bytes = Buffer.alloc(entry.size);
      return bytes.subarray(0, readSync(fd, bytes, 0, entry.size, entry.at));
    } finally {
      closeSync(fd);
    }
  }

  write(): PackWriter {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    return new PackWriter(this.#folder);
  }

  /** Takes a pack in that was written, and gives its path. */
  take(writer: PackWriter): string {
    const pack = writer.finish();
    for (const [sha256, entry] of writer.entries) this.#index.set(sha256, { ...entry, pack });
    this.#sizes.set(pack, writer.size);
    return join(this.#folder, pack);
  }

  /** Removes what nobody needs, and what a process that was killed had begun. Whoever calls it holds the lock. */
  sweep(needed: ReadonlySet<string>): void {
    for (const name of this.#names(/^new-/)) this.#remove(name);
    for (const [pack, size] of [...this.#sizes]) {
      const live = [...this.#index].filter(([sha256, entry]) => entry.pack === pack && needed.has(sha256));
      const worth = live.reduce((sum, [, entry]) => sum + HEAD_BYTES + entry.size, 0);
      if (worth >= size * WORTH) continue;
      if (live.length > 0) this.#anew(live.map(([sha256]) => sha256));
      this.#remove(pack);
      this.refresh();
    }
  }

  #anew(names: readonly string[]): void {
    const writer = this.write();
    for (const sha256 of names) {
      const bytes = this.read(sha256);
      if (bytes !== null) writer.add(sha256, bytes);
    }
    this.take(writer);
  }

  #remove(name: string): void {
    rmSync(join(this.#folder, name), { force: true });
  }

  #names(kind: RegExp = NAME): readonly string[] {
    try {
      return readdirSync(this.#folder).filter((name) => kind.test(name));
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    }
  }

  #scan(pack: string): void {
    const fd = openThere(join(this.#folder, pack));
    if (fd === null) return;
    try {
      const { size: end } = fstatSync(fd);
      const head = Buffer.alloc(HEAD_BYTES);
      for (let at = 0; at < end && readSync(fd, head, 0, HEAD_BYTES, at) === HEAD_BYTES;) {
        const size = Number(head.readBigUInt64BE(HEAD_BYTES - 8));
        if (at + HEAD_BYTES + size > end) break;
        this.#index.set(head.toString('hex', 0, HEAD_BYTES - 8), { pack, at: at + HEAD_BYTES, size });
        at += HEAD_BYTES + size;
      }
      this.#sizes.set(pack, end);
    } finally {
      closeSync(fd);
    }
  }
}
