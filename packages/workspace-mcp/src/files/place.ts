import { closeSync, constants, fstatSync, openSync, readlinkSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import { FileError, fileErrorOf, secretError } from './file-error.ts';
import type { HeldFolders } from './held-folders.ts';

/** `O_PATH` of Linux, which Node.js does not name. */
const O_PATH = 0o10000000;
/** Holds whatever is there, without its being read. */
export const LOOK = O_PATH | constants.O_NOFOLLOW;
/** For walking on from a folder, without its being read. */
export const FOLDER = LOOK | constants.O_DIRECTORY;
/** As many as Linux follows. */
const MAX_LINKS = 40;

/** Where paths begin: a folder, in which others may be mounted, or folders that are held without that. */
export type Root = string | HeldFolders;

export const pathOf = (root: Root): string => (typeof root === 'string' ? root : root.path);

/** Where a path leads: a name in a folder that is held open, so that nothing is exchanged above it. */
export interface Place {
  /** Descriptor of the folder. */
  readonly parent: number;
  readonly name: string;
  /** The path without symlinks. */
  readonly path: string;
  /** What is there, or `null`. */
  readonly stat: Stats | null;
  /** It is not to be changed, though the system may allow it. */
  readonly isFixed: boolean;
}

/** @throws FileError `read_only` */
export function refuseFixed({ isFixed, path }: Place): void {
  if (!isFixed) return;
  throw new FileError('read_only', `${path} is only to be read`, {
    hint: 'Work on a copy in a folder that may be written to.',
  });
}

/** A path of the system's to a name in a folder that is held open. */
export const inFolder = (parent: number, name: string): string => `/proc/self/fd/${parent}/${name}`;

/**
 * Finds what a path means, component by component from a held folder, and does something there. Symlinks are followed
 * as long as they stay below the root; nothing that is exchanged meanwhile leads out of it.
 *
 * @param path - absolute, below the root or the root itself
 * @throws FileError
 */
export function atPlace<T>(root: Root, path: string, act: (place: Place) => T): T {
  const walk = new Walk(root, path);
  try {
    return act(walk.end());
  } catch (error) {
    throw fileErrorOf(error, path);
  } finally {
    walk.close();
  }
}

class Walk {
  readonly #root: string;
  readonly #held: HeldFolders | null;
  readonly #asked: string;
  readonly #folders: { readonly fd: number; readonly name: string }[] = [];
  #links = 0;

  constructor(root: Root, path: string) {
    this.#root = pathOf(root);
    this.#held = typeof root === 'string' ? null : root;
    this.#asked = path;
  }

  end(): Place {
    const fd = this.#held?.openPath() ?? openSync(this.#root, FOLDER);
    this.#folders.push({ fd, name: '' });
    const todo = this.#below(posix.normalize(this.#asked));
    for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
      if (name === '..') {
        this.#up();
        continue;
      }
      const { stat, link } = this.#look(name);
      if (link !== null) todo.unshift(...this.#follow(link));
      else if (todo.length === 0 && this.#heldAt === null) return this.#place(name, stat);
      else this.#enter(name);
    }
    return this.#place('.', fstatSync(this.#folder));
  }

  close(): void {
    for (const { fd } of this.#folders) closeSync(fd);
  }

  get #folder(): number {
    return this.#folders.at(-1)?.fd ?? -1;
  }

  /** What the folders are names of, where it is at their beginning. */
  get #heldAt(): HeldFolders | null {
    return this.#folders.length === 1 ? this.#held : null;
  }

  #names(name: string): readonly string[] {
    return [...this.#folders.map((folder) => folder.name).slice(1), ...(name === '.' ? [] : [name])];
  }

  #place(name: string, stat: Stats | null): Place {
    const names = this.#names(name);
    const isFixed = this.#held?.isFixed(names) === true;
    return { parent: this.#folder, name, path: posix.join(this.#root, ...names), stat, isFixed };
  }

  #below(path: string): string[] {
    const relative = posix.relative(this.#root, path);
    if (!posix.isAbsolute(path) || relative === '..' || relative.startsWith('../')) throw this.#outside();
    return relative.split('/').filter((name) => name !== '' && name !== '.');
  }

  #look(name: string): { readonly stat: Stats | null; readonly link: string | null } {
    const named = this.#heldAt?.look(name);
    if (named !== undefined) return { stat: named, link: null };
    if (this.#held?.isHidden(this.#names(name)) === true) throw this.#hidden(name);
    const path = inFolder(this.#folder, name);
    let fd: number;
    try {
      fd = openSync(path, LOOK);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        return { stat: null, link: null };
      throw error;
    }
    try {
      const stat = fstatSync(fd);
      // were it another link by now, that one would be followed as carefully
      return { stat, link: stat.isSymbolicLink() ? this.#target(path) : null };
    } finally {
      closeSync(fd);
    }
  }

  #target(path: string): string {
    try {
      return readlinkSync(path);
    } catch (cause) {
      const hint = 'Somebody else works there: try again.';
      throw new FileError('changed_meanwhile', `${this.#asked} was exchanged meanwhile`, { cause, hint });
    }
  }

  #enter(name: string): void {
    const fd = this.#heldAt?.open(name) ?? openSync(inFolder(this.#folder, name), FOLDER);
    this.#folders.push({ fd, name });
  }

  #up(): void {
    const left = this.#folders.pop();
    if (left !== undefined) closeSync(left.fd);
    if (this.#folders.length === 0) throw this.#outside();
  }

  #follow(target: string): string[] {
    this.#links += 1;
    if (this.#links > MAX_LINKS) {
      throw new FileError('too_many_links', `${this.#asked} leads through more than ${MAX_LINKS} symlinks`, {
        hint: 'Two of them may lead to each other: look at them with Bash.',
      });
    }
    if (!target.startsWith('/')) return target.split('/').filter((name) => name !== '' && name !== '.');
    const names = this.#below(posix.normalize(target));
    while (this.#folders.length > 1) this.#up();
    return names;
  }

  #hidden(name: string): FileError {
    return secretError(posix.join(this.#root, ...this.#names(name)));
  }

  #outside(): FileError {
    const isLink = this.#links > 0;
    const where = isLink ? `leads out of ${this.#root}, through a symlink` : `is not below ${this.#root}`;
    return new FileError('outside', `${this.#asked} ${where}`, {
      hint: 'Only folders that the person mounted are there: list_mounts names them.',
    });
  }
}
