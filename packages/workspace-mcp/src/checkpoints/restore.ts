import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fdatasyncSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { newName } from '../files/leftovers.ts';
import { systemPath } from '../files/byte-names.ts';
import type { Change } from './difference.ts';
import { enter, heldAt, mayUse, withHeld, WRITE, type Held, type Owner } from './held-folder.ts';
import { isSystemError } from '../files/system-error.ts';
import { isSameNode, type Left, type Node } from './node.ts';
import { flushAll } from './disk.ts';
import { damaged } from './loose-objects.ts';
import type { Objects } from './objects.ts';
import type { Snapshot } from './snapshot.ts';

/** Files that are flushed one by one. */
const FEW = 32;
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

export interface RestoreParts {
  /** The mounted folder. */
  readonly folder: string;
  readonly objects: Objects;
  readonly owner: Owner | null;
  /** Looks once more at what is to be replaced. */
  readonly look: Snapshot;
}

/** Brings paths of a mounted folder from what they are to what they were; each of them is one or the other. */
export class Restore {
  /** What stayed as it is. */
  readonly failed: Left[] = [];
  readonly #parts: RestoreParts;
  #isMany = false;

  constructor(parts: RestoreParts) {
    this.#parts = parts;
  }

  /** @param changes - `before` is what they are to be, `after` what they are */
  async run(changes: readonly Change[]): Promise<void> {
    this.#isMany = changes.length > FEW;
    const depth = ({ path }: Change): number => path.split('/').length;
    const sorted = changes.toSorted((one, other) => depth(one) - depth(other));
    for (const change of sorted.toReversed()) {
      if (isRemoved(change)) await this.#at(change, (held) => this.#remove(held, change));
    }
    for (const change of sorted) {
      if (change.before !== null) await this.#at(change, (held) => this.#make(held, change));
    }
    for (const change of sorted.toReversed()) {
      if (change.before?.kind === 'folder') await this.#at(change, (held) => giveMode(held, change.before));
    }
    // one by one it would take minutes; what a crash of the machine loses before this is still kept
    if (this.#isMany) await flushAll(this.#parts.folder);
  }

  async #at({ path }: Change, act: (held: Held) => void | Promise<void>): Promise<void> {
    if (this.failed.some((failed) => failed.path === path)) return;
    try {
      await withHeld(this.#parts.folder, path, async (held) => {
        if (held.path !== path) throw new Unlike('the folder that had it is not there');
        if (!mayUse(this.#parts.owner, fstatSync(held.parent), WRITE)) throw new Unlike('its owner keeps it');
        await act(held);
      });
    } catch (error) {
      const why = reasonOf(error);
      if (why === null) throw error;
      this.failed.push({ path, why });
    }
  }

  async #remove(held: Held, { after }: Change): Promise<void> {
    const at = heldAt(held.parent, held.name);
    if (after?.kind === 'folder') {
      rmdirSync(at);
      return;
    }
    await this.#refuseUnlike(held, after);
    unlinkSync(at);
  }

  /** Somebody may have been quicker. */
  async #refuseUnlike({ parent, name, path }: Held, expected: Node | null): Promise<void> {
    const now = await this.#parts.look.of(parent, name, path);
    if (!isSameNode(now, expected)) throw new Unlike('somebody changed it meanwhile');
  }

  async #make(held: Held, change: Change): Promise<void> {
    const { parent, name } = held;
    const { before, after } = change;
    if (before === null || before.kind === 'left') return;
    if (before.kind === 'folder') {
      if (after?.kind !== 'folder') this.#makeFolder(parent, name);
      return;
    }
    await this.#refuseUnlike(held, isRemoved(change) ? null : after);
    const temporary = heldAt(parent, newName(name));
    try {
      if (before.kind === 'link') symlinkSync(systemPath(before.target), temporary);
      else this.#write(temporary, before);
      renameSync(temporary, heldAt(parent, name));
    } catch (error) {
      if (lstatSync(temporary, { throwIfNoEntry: false }) !== undefined) unlinkSync(temporary);
      throw error;
    }
  }

  #makeFolder(parent: number, name: string): void {
    mkdirSync(heldAt(parent, name), 0o700);
    const fd = enter(parent, name);
    if (fd === null) throw new Unlike('somebody changed it meanwhile');
    try {
      this.#give(fd);
    } finally {
      closeSync(fd);
    }
  }

  #write(temporary: string | Buffer, { sha256, mode }: Node & { kind: 'file' }): void {
    const fd = openSync(temporary, NEW, 0o600);
    try {
      const hash = createHash('sha256');
      for (const part of this.#parts.objects.parts(sha256)) {
        hash.update(part);
        for (let done = 0; done < part.length;) done += writeSync(fd, part, done);
      }
      if (hash.digest('hex') !== sha256) throw damaged(sha256);
      this.#give(fd);
      fchmodSync(fd, mode);
      if (!this.#isMany) fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  #give(fd: number): void {
    const { owner } = this.#parts;
    if (owner !== null) fchownSync(fd, owner.uid, owner.gid);
  }
}

/** Something else is there than was expected. */
class Unlike extends Error {}

/** What is there has to go first. */
const isRemoved = ({ before, after }: Change): boolean =>
  after !== null && (before === null || before.kind !== after.kind);

/** Last, because a folder may be one that nothing can be put into. */
function giveMode({ parent, name }: Held, node: Node | null): void {
  if (node?.kind !== 'folder') return;
  const fd = enter(parent, name);
  if (fd === null) return;
  try {
    fchmodSync(fd, node.mode);
  } finally {
    closeSync(fd);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'somebody changed it meanwhile',
  EEXIST: 'somebody changed it meanwhile',
  ENOTEMPTY: 'something else is in the folder',
  EISDIR: 'a folder has its place',
  ENOTDIR: 'something else has its place',
  EACCES: 'it may not be changed',
  EPERM: 'it may not be changed',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is full',
  EBUSY: 'it is in use as a mount',
};

/** Why one path stays as it is; `null` for what is nobody's fault but ours. */
function reasonOf(error: unknown): string | null {
  if (error instanceof Unlike) return error.message;
  const code = Object.keys(REASONS).find((name) => isSystemError(error, name));
  return code === undefined ? null : (REASONS[code] ?? null);
}
