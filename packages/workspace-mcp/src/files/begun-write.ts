import {
  closeSync,
  constants,
  fchmodSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { promisify } from 'node:util';
import { holdsStill, refuseUnlikeFile, sha256Of } from './content.ts';
import { FileError, fileErrorOf } from './file-error.ts';
import { newName } from './leftovers.ts';
import { FOLDER, inFolder, LOOK, type Place } from './place.ts';

const synced = promisify(fdatasync);

const NEW_FILE = 0o666;
const MODE = 0o7777;
const RIGHTS = 0o777;
/** A file that was written to that short a time ago may have been written to again without another time. */
const SETTLED_MS = 2_000;

/** What a file had in it. */
export class Content {
  readonly bytes: Buffer;
  #sha256: string | null = null;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** In a large file the first time takes as long as half a write. */
  get sha256(): string {
    return (this.#sha256 ??= sha256Of(this.bytes));
  }
}

/** What a file is to hold, and what it held when that was made of it. */
export interface Contents {
  readonly bytes: Buffer;
  /** `null` where there was none. */
  readonly before: Content | null;
}

/**
 * A file that is there already under another name, which the disk comes to hold meanwhile: at any moment, and after any
 * crash, the old one has its old content or the new one. It keeps the mode; another name of the same file (a hard link)
 * keeps the old content.
 */
export class BegunWrite {
  /** Its rights alone. */
  readonly mode: number;
  readonly #place: Place;
  readonly #folder: number;
  readonly #before: Content | null;
  readonly #at = Date.now();
  readonly #temporary: string;
  readonly #stamp: string;
  /** The disk holds it. */
  readonly #held: Promise<void>;

  /** @throws FileError `not_a_file` */
  constructor(place: Place, { bytes, before }: Contents) {
    if (place.stat !== null) refuseUnlikeFile(place.stat, place.path);
    this.#folder = openSync(inFolder(place.parent, '.'), FOLDER);
    this.#place = { ...place, parent: this.#folder };
    this.#before = before;
    this.#temporary = inFolder(this.#folder, newName(place.name));
    try {
      const { fd, stat } = writeNew(this.#temporary, bytes, place.stat);
      this.#held = synced(fd).finally(() => closeSync(fd));
      // whoever finishes it is told
      this.#held.catch(() => undefined);
      this.mode = stat.mode & RIGHTS;
      this.#stamp = stampOf(stat);
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /**
   * Has it take its name, once the disk holds it.
   *
   * @param kept - hash of what was there, where that is known to somebody who could give it back
   * @throws FileError `changed_meanwhile` when what has that name by now is not what was there, or why it could not be
   */
  async finish(kept: string | undefined): Promise<void> {
    try {
      await this.#held;
      if (!this.#isAsItWas(kept) || !this.#isOurs()) throw changed(this.#place.path);
      this.#takeName();
    } catch (error) {
      this.discard();
      throw fileErrorOf(error, this.#place.path);
    }
    try {
      syncFolder(this.#folder);
    } finally {
      closeSync(this.#folder);
    }
  }

  /** What had the name is given up by the disk later, when nobody waits any more: that takes as long as writing it. */
  #takeName(): void {
    const path = inFolder(this.#folder, this.#place.name);
    const old = this.#place.stat === null ? null : openSync(path, LOOK);
    if (old !== null) setImmediate(() => closeSync(old));
    renameSync(this.#temporary, path);
  }

  discard(): void {
    remove(this.#temporary);
    closeSync(this.#folder);
  }

  /** Nobody put something else in the place of what was written. */
  #isOurs(): boolean {
    const stat = lstatSync(this.#temporary, { throwIfNoEntry: false });
    return stat !== undefined && stampOf(stat) === this.#stamp;
  }

  /** By its content, where the times alone do not prove it. */
  #isAsItWas(kept: string | undefined): boolean {
    const { name, stat } = this.#place;
    const now = lstatSync(inFolder(this.#folder, name), { throwIfNoEntry: false });
    if (stat === null || this.#before === null || now === undefined)
      return stat === null && now === undefined;
    if (now.mode !== stat.mode || (kept !== undefined && kept !== this.#before.sha256)) return false;
    if (stampOf(now) === stampOf(stat) && this.#at - stat.ctimeMs > SETTLED_MS) return true;
    return holdsStill(this.#place, this.#before.bytes);
  }
}

const stampOf = ({ dev, ino, size, mode, mtimeMs, ctimeMs }: Stats): string =>
  [dev, ino, size, mode, mtimeMs, ctimeMs].join(':');

const changed = (path: string): FileError =>
  new FileError(
    'changed_meanwhile',
    `${path} was changed by somebody else meanwhile, and nothing was written`,
    {
      hint: 'Read it again, and then decide.',
    },
  );

/** Writes a file with the mode of another one; the caller closes it. */
function writeNew(
  path: string,
  bytes: Buffer,
  like: Stats | null,
): { readonly fd: number; readonly stat: Stats } {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const fd = openSync(path, flags, like === null ? NEW_FILE : 0o600);
  try {
    if (like !== null) fchmodSync(fd, like.mode & MODE);
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
    return { fd, stat: fstatSync(fd) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // what kept it from being written is what matters
  }
}

/** The name is there after a crash too. */
function syncFolder(parent: number): void {
  const fd = openSync(inFolder(parent, '.'), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
