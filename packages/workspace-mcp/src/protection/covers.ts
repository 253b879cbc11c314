import type { Cover, Mount } from '@deskhand/sandbox';
import { ToolError } from '@deskhand/server-runtime';
import { closeSync, lstatSync, readdirSync, type Dirent } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { enter, isSystemError, openHeld } from '../checkpoints/held-folder.ts';
import { isMadeAgain } from '../checkpoints/limits.ts';
import { inFolder } from '../files/place.ts';
import { hasKey } from './private-key.ts';
import { protectionOfName } from './names.ts';

const MOST_COVERS = 400;
const MOST_ENTRIES = 400_000;
const DEEPEST = 64;
/** Folders between two moments for everybody else. */
const TURN = 16;

/** A mount with what is covered in it. */
export interface CoveredMount extends Mount {
  readonly covers: readonly Cover[];
}

/**
 * Finds what no agent should read, or change without being asked about, in a folder that is to be mounted.
 *
 * @throws ToolError `too_many_secrets`
 */
export async function covered(mount: Mount, signal: AbortSignal): Promise<CoveredMount> {
  const search = new CoverSearch(mount, signal);
  try {
    return { ...mount, covers: await search.run() };
  } catch (error) {
    // what keeps it from being opened is said when it is mounted
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES')) return { ...mount, covers: [] };
    throw error;
  }
}

class CoverSearch {
  readonly #mount: Mount;
  readonly #signal: AbortSignal;
  readonly #covers = new Map<string, Cover>();
  /** Secrets with other names as well, by device and inode. */
  readonly #twins = new Set<string>();
  #entries = 0;
  #folders = 0;

  constructor(mount: Mount, signal: AbortSignal) {
    this.#mount = mount;
    this.#signal = signal;
  }

  async run(): Promise<readonly Cover[]> {
    await this.#from((fd, entry, path) => this.#look(fd, entry, path));
    if (this.#twins.size > 0) await this.#from((fd, entry, path) => this.#lookForTwin(fd, entry, path));
    return [...this.#covers.values()];
  }

  async #from(look: Look): Promise<void> {
    this.#entries = 0;
    const fd = openHeld(this.#mount.folder);
    try {
      await this.#walk(fd, '', look);
    } finally {
      closeSync(fd);
    }
  }

  async #walk(fd: number, way: string, look: Look): Promise<void> {
    this.#folders += 1;
    if (this.#folders % TURN === 0) await setImmediate();
    this.#signal.throwIfAborted();
    for (const entry of readdirSync(inFolder(fd, '.'), { withFileTypes: true })) {
      this.#entries += 1;
      if (this.#entries > MOST_ENTRIES || way.split('/').length > DEEPEST) return;
      const path = way + entry.name;
      if (!look(fd, entry, path) || !entry.isDirectory()) continue;
      const inner = enter(fd, entry.name);
      if (inner === null) continue;
      try {
        await this.#walk(inner, `${path}/`, look);
      } finally {
        closeSync(inner);
      }
    }
  }

  /** Whether to look into it. */
  #look(fd: number, entry: Dirent, path: string): boolean {
    const isFolder = entry.isDirectory();
    if (!isFolder && !entry.isFile()) return false;
    const protection = protectionOfName(path, isFolder);
    if (protection === 'secret' || (protection === 'key' && hasKey(fd, entry.name))) {
      if (!isFolder) this.#noteTwin(fd, entry.name);
      this.#cover({ path, kind: isFolder ? 'folder' : 'file' });
      return false;
    }
    if (protection === 'kept' && this.#mount.access === 'rw') {
      this.#cover({ path, kind: 'kept' });
      this.#pin(path);
      return false;
    }
    return !isMadeAgain(entry.name) && !GIT_INNER.test(path);
  }

  #lookForTwin(fd: number, { name }: Dirent, path: string): boolean {
    const stat = lstatSync(inFolder(fd, name), { throwIfNoEntry: false });
    if (stat?.isFile() === true && this.#twins.has(`${stat.dev}:${stat.ino}`))
      this.#cover({ path, kind: 'file' });
    return true;
  }

  #noteTwin(fd: number, name: string): void {
    const stat = lstatSync(inFolder(fd, name), { throwIfNoEntry: false });
    if (stat !== undefined && stat.nlink > 1) this.#twins.add(`${stat.dev}:${stat.ino}`);
  }

  /** A folder that tools know by its own name is not to be exchanged for another one. */
  #pin(path: string): void {
    const holder = HOLDER.exec(path)?.groups?.['holder'];
    if (holder !== undefined) this.#cover({ path: holder, kind: 'pinned' });
  }

  #cover(cover: Cover): void {
    this.#covers.set(cover.path, cover);
    if (this.#covers.size <= MOST_COVERS) return;
    const { folder } = this.#mount;
    throw new ToolError(
      'too_many_secrets',
      `${folder} has more than ${MOST_COVERS} files that are secrets, or that programs run by themselves`,
      { hint: 'The person can mount the part of it that is needed.' },
    );
  }
}

type Look = (fd: number, entry: Dirent, path: string) => boolean;

const HOLDER = /^(?<holder>(?:.*\/)?\.(?:git|config))\//i;
/** Of what git keeps only the parts that have such files. */
const GIT_INNER = /(?:^|\/)\.git\/(?!modules(?:\/|$)|worktrees(?:\/|$))/i;
