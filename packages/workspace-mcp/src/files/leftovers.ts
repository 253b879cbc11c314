import { Recent } from '@deskhand/server-runtime';
import { randomBytes } from 'node:crypto';
import { fstatSync, lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { inFolder } from './place.ts';
import { isSystemError } from './system-error.ts';

const NAME = /^\..{1,40}\.[0-9a-f]{12}\.deskhand-new$/s;
/** No write takes so long: what is older was begun by a process that was killed. */
const DEAD_MS = 60_000;
const MOST_FOLDERS = 1_000;

/** A name that nobody has, for what is to take the place of another one as a whole. */
export const newName = (name: string): string =>
  `.${name.slice(0, 40)}.${randomBytes(6).toString('hex')}.deskhand-new`;

/** What writes that were killed left, in the folders that are written to. */
export class Leftovers {
  /** When a folder is to be looked at again. */
  readonly #due = new Recent<string, number>(MOST_FOLDERS);

  /** Removes what is there of writes that ended long ago; a young one may still be written by somebody. */
  sweep(folder: number): void {
    const { dev, ino } = fstatSync(folder);
    const key = `${dev}:${ino}`;
    const now = Date.now();
    if (now < (this.#due.get(key) ?? 0)) return;
    const names = namesIn(folder).filter((name) => NAME.test(name));
    const areDone = names.map((name) => removeDead(inFolder(folder, name), now));
    this.#due.set(key, areDone.includes(false) ? now + DEAD_MS : Infinity);
  }
}

function namesIn(folder: number): readonly string[] {
  try {
    return readdirSync(inFolder(folder, '.'));
  } catch (error) {
    // a folder that can be written to and not be looked at keeps what is in it
    if (isSystemError(error, 'EACCES', 'EPERM')) return [];
    throw error;
  }
}

/** Removes it unless it is young; whether nothing is left to be removed later. */
function removeDead(path: string, now: number): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return true;
  if (now - stat.mtimeMs < DEAD_MS) return false;
  try {
    unlinkSync(path);
  } catch (error) {
    // what cannot be removed is not ours
    if (!isSystemError(error, 'ENOENT', 'EACCES', 'EPERM', 'EROFS')) throw error;
  }
  return true;
}
