import { closeSync, constants, openSync, readdirSync, statSync } from 'node:fs';
import { nameOf, systemPath } from '../files/byte-names.ts';
import { inFolder } from '../files/place.ts';
import { isSystemError } from '../files/system-error.ts';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Where a walk without links ended. */
export interface Held {
  /** Descriptor of the folder that has the name. */
  readonly parent: number;
  readonly name: string;
  /** The part of the way that there is, and the first name that is missing or no folder. */
  readonly path: string;
}

/** Opens a folder by its plain path; a link on the way is an error, whoever put it there. */
export function openHeld(folder: string): number {
  let fd = openSync('/', FOLDER);
  for (const name of folder.split('/').filter(Boolean)) {
    const parent = fd;
    try {
      fd = openSync(inFolder(parent, name), FOLDER);
    } finally {
      closeSync(parent);
    }
  }
  return fd;
}

/**
 * Goes down a relative path from a mounted folder, and never through a link: what is restored is where it was, whatever
 * has taken the place of a folder since.
 */
export async function withHeld<T>(
  folder: string,
  path: string,
  act: (held: Held) => T | Promise<T>,
): Promise<T> {
  let parent = openHeld(folder);
  try {
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    for (const [index, name] of names.slice(0, -1).entries()) {
      const next = enter(parent, name);
      if (next === null) return await act({ parent, name, path: names.slice(0, index + 1).join('/') });
      closeSync(parent);
      parent = next;
    }
    return await act({ parent, name: names.at(-1) ?? '.', path: names.join('/') || '.' });
  } finally {
    closeSync(parent);
  }
}

/** A folder of that name, or `null` when it is none. */
export function enter(parent: number, name: string): number | null {
  try {
    return openSync(heldAt(parent, name), FOLDER);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM', 'ENAMETOOLONG')) return null;
    throw error;
  }
}

/** Names in a folder, in order; also those that are no text. */
export const namesIn = (fd: number): readonly string[] =>
  readdirSync(inFolder(fd, '.'), { encoding: 'buffer' }).map(nameOf).toSorted();

/** A path of the system's to a name in an open folder, whatever bytes that has. */
export const heldAt = (parent: number, name: string): string | Buffer => systemPath(inFolder(parent, name));

/** Whose rights are used; `null` when they are those of this process. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The user of the sandbox, where this process has more rights than that. */
export function lesserUser(folders: readonly string[]): Owner | null {
  const [first] = folders;
  if (process.geteuid?.() !== 0 || first === undefined) return null;
  const { uid, gid } = statSync(first);
  return uid === 0 ? null : { uid, gid };
}

export const READ = 4;
export const WRITE = 2;

/** Whether somebody may use a thing, by its mode alone. */
export function mayUse(owner: Owner | null, stat: Owner & { readonly mode: number }, right: number): boolean {
  if (owner === null) return true;
  if (stat.uid === owner.uid) return (stat.mode & (right << 6)) !== 0;
  if (stat.gid === owner.gid) return (stat.mode & (right << 3)) !== 0;
  return (stat.mode & right) !== 0;
}
