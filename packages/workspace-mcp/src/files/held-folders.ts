import type { Cover } from '@deskhand/sandbox';
import { fstatSync, mkdtempSync, openSync, rmdirSync, constants, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHeld } from '../checkpoints/held-folder.ts';
import { FileError } from './file-error.ts';

/** A folder of the person's where no sandbox mounts it. */
export interface FolderToHold {
  readonly name: string;
  /** Its plain path. */
  readonly folder: string;
  readonly access: 'ro' | 'rw';
  readonly covers: readonly Cover[];
}

interface Held {
  readonly fd: number;
  readonly access: 'ro' | 'rw';
  readonly hidden: Set<string>;
  readonly kept: Set<string>;
}

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY;

/** Folders that answer to names below a path that is nowhere: what mounts are to a sandbox, for walks alone. */
export class HeldFolders {
  readonly path: string;
  /** An empty folder without a name: what is below the path and no folder of the person's. */
  readonly #nowhere: number;
  readonly #held = new Map<string, Held>();

  constructor(path: string) {
    this.path = path;
    const place = mkdtempSync(join(tmpdir(), 'deskhand-nowhere-'));
    this.#nowhere = openSync(place, FOLDER);
    rmdirSync(place);
  }

  get names(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** It stays this very folder, whatever takes its path. @throws the system's error when there is a link on the way */
  hold({ name, folder, access, covers }: FolderToHold): void {
    const pathsOf = (kinds: readonly Cover['kind'][]): Set<string> =>
      new Set(covers.filter(({ kind }) => kinds.includes(kind)).map(({ path }) => path));
    const sets = { hidden: pathsOf(['file', 'folder']), kept: pathsOf(['kept']) };
    this.#held.set(name, { fd: openHeld(folder), access, ...sets });
  }

  uncover(name: string, { path, kind }: Cover): void {
    const held = this.#held.get(name);
    (kind === 'kept' ? held?.kept : held?.hidden)?.delete(path);
  }

  /** A descriptor of what the path itself is. */
  openPath(): number {
    return openSync(`/proc/self/fd/${this.#nowhere}`, FOLDER);
  }

  /** A descriptor of a folder. @throws FileError `not_found` */
  open(name: string): number {
    const held = this.#held.get(name);
    if (held !== undefined) return openSync(`/proc/self/fd/${held.fd}`, FOLDER);
    throw new FileError('not_found', `no folder is mounted as ${name}`, { hint: 'list_mounts names them.' });
  }

  look(name: string): Stats | null {
    const held = this.#held.get(name);
    return held === undefined ? null : fstatSync(held.fd);
  }

  /** Whether a path below has a name only, and no content. */
  isHidden([name = '', ...way]: readonly string[]): boolean {
    return this.#held.get(name)?.hidden.has(way.join('/')) === true;
  }

  /** Whether nothing at a path below is to be changed. */
  isFixed([name = '', ...way]: readonly string[]): boolean {
    const held = this.#held.get(name);
    if (held?.access !== 'rw') return true;
    return way.some((_, index) => held.kept.has(way.slice(0, index + 1).join('/')));
  }
}
