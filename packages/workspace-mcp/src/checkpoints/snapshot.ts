import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  type BigIntStats,
} from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { nameOf } from '../files/byte-names.ts';
import { protectionOfName } from '../protection/names.ts';
import { hasKey } from '../protection/private-key.ts';
import { enter, heldAt, mayUse, namesIn, READ, type Owner } from './held-folder.ts';
import { isSystemError } from '../files/system-error.ts';
import { left as leftOut, type Limits } from './limits.ts';
import type { Left, Node, Tree } from './node.ts';
import type { Objects } from './objects.ts';

const OPEN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** A file that was written to that short a time ago may be written to again without another time. */
const SETTLED_MS = 1_000;
/** Entries between two moments for everybody else. */
const TURN = 64;

/** What is known of files that were looked at before, by what changes with every write. */
export type Seen = Map<string, { readonly stamp: string; readonly node: Node & { kind: 'file' } }>;

export interface SnapshotParts {
  readonly objects: Objects;
  readonly owner: Owner | null;
  readonly seen: Seen;
  readonly limits: Limits;
  /** Contents are not kept, only their hashes. */
  readonly isHashOnly: boolean;
  readonly signal: AbortSignal;
}

/** Looks at a part of a folder, and keeps what is there. */
export class Snapshot {
  readonly left: Left[] = [];
  /** Something is left out only because there is too much. */
  isTooMuch = false;
  readonly #parts: SnapshotParts;
  #entries = 0;
  #bytes = 0;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /**
   * @param path - the way from the mounted folder
   * @param isMeant - it was named itself, so that it is not left out for its name
   */
  async of(parent: number, name: string, path: string, isMeant = true): Promise<Node | null> {
    this.#entries += 1;
    if (this.#entries % TURN === 0) await setImmediate();
    this.#parts.signal.throwIfAborted();
    const stat = lstatSync(heldAt(parent, name), { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return null;
    const why = leftOut({ name, path, stat, isMeant, entries: this.#entries }, this.#parts.limits);
    this.isTooMuch ||= this.#entries > this.#parts.limits.stepEntries;
    if (why !== null) return this.#leave(path, why);
    try {
      if (stat.isSymbolicLink()) return { kind: 'link', target: targetOf(parent, name) };
      if (stat.isDirectory()) return await this.#folder(parent, name, path);
      return this.#file(parent, name, path, stat);
    } catch (error) {
      if (isSystemError(error, 'ENOENT', 'ELOOP', 'EINVAL'))
        return this.#leave(path, 'it was exchanged meanwhile');
      if (isSystemError(error, 'EACCES', 'EPERM', 'EIO')) return this.#leave(path, 'it may not be read');
      throw error;
    }
  }

  #leave(path: string, why: string): Node {
    this.left.push({ path, why });
    return { kind: 'left' };
  }

  async #folder(parent: number, name: string, path: string): Promise<Node> {
    const fd = enter(parent, name);
    if (fd === null) return this.#leave(path, 'it may not be read');
    try {
      const stat = fstatSync(fd);
      if (!mayUse(this.#parts.owner, stat, READ)) return this.#leave(path, 'it may not be read');
      const tree: Tree = [];
      for (const inner of namesIn(fd)) {
        const node = await this.of(fd, inner, path === '.' ? inner : `${path}/${inner}`, false);
        if (node !== null) tree.push([inner, node]);
      }
      return { kind: 'folder', mode: stat.mode & 0o777, tree: this.#parts.objects.keepTree(tree) };
    } finally {
      closeSync(fd);
    }
  }

  #file(parent: number, name: string, path: string, looked: BigIntStats): Node {
    const { seen, objects, isHashOnly, owner, limits } = this.#parts;
    if (protectionOfName('', name, false) === 'key' && hasKey(parent, name))
      return this.#leave(path, 'it is a secret');
    const known = seen.get(keyOf(looked));
    if (known?.stamp === stampOf(looked) && (isHashOnly || objects.has(known.node.sha256))) return known.node;
    const fd = openSync(heldAt(parent, name), OPEN);
    try {
      const stat = fstatSync(fd, { bigint: true });
      if (!stat.isFile()) return this.#leave(path, 'it was exchanged meanwhile');
      const rights = { uid: Number(stat.uid), gid: Number(stat.gid), mode: Number(stat.mode) };
      if (!mayUse(owner, rights, READ)) return this.#leave(path, 'it may not be read');
      this.#bytes += Number(stat.size);
      if (this.#bytes > limits.stepBytes) {
        this.isTooMuch = true;
        return this.#leave(path, 'the step is too large with it');
      }
      const kept = objects.keepFile(fd, Number(stat.size), isHashOnly);
      const node: Node & { kind: 'file' } = { kind: 'file', mode: rights.mode & 0o777, ...kept };
      if (Date.now() - Number(stat.ctimeMs) > SETTLED_MS)
        seen.set(keyOf(stat), { stamp: stampOf(stat), node });
      return node;
    } finally {
      closeSync(fd);
    }
  }
}

const targetOf = (parent: number, name: string): string =>
  nameOf(readlinkSync(heldAt(parent, name), 'buffer'));

const keyOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

/** Nobody but root can set the second of the times. */
const stampOf = ({ size, mtimeNs, ctimeNs, mode }: BigIntStats): string =>
  `${size}:${mtimeNs}:${ctimeNs}:${mode}`;
