import type { Cover, Mount } from '@deskhand/sandbox';
import { ToolError } from '@deskhand/server-runtime';
import { closeSync, lstatSync, readdirSync, type Dirent } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { enter, openHeld } from '../checkpoints/held-folder.ts';
import { isSystemError } from '../files/system-error.ts';
import { isMadeAgain } from '../checkpoints/limits.ts';
import { inFolder } from '../files/place.ts';
import { hasKey } from './private-key.ts';
import type { FolderRules } from '../permissions/path-rules.ts';
import { protectionOfName } from './names.ts';

const MOST_COVERS = 400;
const MOST_ENTRIES = 400_000;
const DEEPEST = 64;
/** Milliseconds between two moments for everybody else. */
const TURN_MS = 3;

/** A mount with what is covered in it. */
export interface CoveredMount extends Mount {
  readonly covers: readonly Cover[];
}

/**
 * Finds what no agent should read, or change without being asked about, in a folder that is to be mounted.
 *
 * @throws ToolError `too_many_secrets`
 */
export async function covered(
  mount: Mount,
  how: { readonly rules: FolderRules; readonly signal: AbortSignal },
): Promise<CoveredMount> {
  const search = new CoverSearch(mount, how);
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
  readonly #rules: FolderRules;
  readonly #covers = new Map<string, Cover>();
  /** What is covered and has other names as well, by device and inode. */
  readonly #twins = new Map<string, 'file' | 'kept'>();
  #entries = 0;
  #turnAt = 0;
  #isRuled = false;

  constructor(
    mount: Mount,
    { rules, signal }: { readonly rules: FolderRules; readonly signal: AbortSignal },
  ) {
    this.#mount = mount;
    this.#rules = rules;
    this.#signal = signal;
  }

  async run(): Promise<readonly Cover[]> {
    await this.#from((fd, entry, way) => this.#look(fd, entry, way));
    if (this.#rules.restrict) {
      this.#isRuled = true;
      await this.#from((fd, entry, way) => this.#lookAtRules(fd, entry, way + entry.name));
      this.#isRuled = false;
    }
    if (this.#twins.size > 0)
      await this.#from((fd, entry, way) => this.#lookForTwin(fd, entry, way + entry.name));
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
    if (performance.now() > this.#turnAt) {
      await setImmediate();
      this.#turnAt = performance.now() + TURN_MS;
    }
    this.#signal.throwIfAborted();
    const isTooDeep = way.split('/').length > DEEPEST;
    for (const entry of readdirSync(inFolder(fd, '.'), { withFileTypes: true })) {
      this.#entries += 1;
      if (this.#entries > MOST_ENTRIES || isTooDeep) {
        // a list of names does what it can, but a rule holds
        if (this.#isRuled)
          throw this.#tooMany('more files, or deeper ones, than can be looked through for its rules');
        return;
      }
      if (!look(fd, entry, way) || !entry.isDirectory()) continue;
      const inner = enter(fd, entry.name);
      if (inner === null) continue;
      try {
        await this.#walk(inner, `${way}${entry.name}/`, look);
      } finally {
        closeSync(inner);
      }
    }
  }

  /** Whether to look into it. */
  #look(fd: number, entry: Dirent, way: string): boolean {
    const isFolder = entry.isDirectory();
    if (!isFolder && !entry.isFile()) return false;
    const protection = protectionOfName(way, entry.name, isFolder);
    // most are files, and none of ours
    if (protection === null && !isFolder) return false;
    const path = way + entry.name;
    const isSecret = protection === 'secret' || (protection === 'key' && hasKey(fd, entry.name));
    if (isSecret && !this.#rules.opens('Read', path)) {
      if (!isFolder) this.#noteTwin(fd, entry.name, 'file');
      this.#cover({ path, kind: isFolder ? 'folder' : 'file' });
      return false;
    }
    if (protection === 'kept' && this.#mount.access === 'rw' && !this.#rules.opens('Edit', path)) {
      this.#cover({ path, kind: 'kept' });
      this.#pin(path);
      return false;
    }
    return isFolder && !isMadeAgain(entry.name) && !GIT_INNER.test(path);
  }

  #lookAtRules(fd: number, entry: Dirent, path: string): boolean {
    const isFolder = entry.isDirectory();
    if (!isFolder && !entry.isFile()) return false;
    const isMasked = this.#rules.restrictsPart('Read', path);
    const isKept = this.#mount.access === 'rw' && this.#rules.restrictsPart('Edit', path);
    // what is masked may be opened, and is not to be written then
    if (isKept) this.#cover({ path, kind: 'kept' });
    if (isMasked) this.#cover({ path, kind: isFolder ? 'folder' : 'file' });
    if (!isFolder && (isMasked || isKept)) this.#noteTwin(fd, entry.name, isMasked ? 'file' : 'kept');
    return this.#rules.mayRestrictBelow(path);
  }

  #lookForTwin(fd: number, { name }: Dirent, path: string): boolean {
    const stat = lstatSync(inFolder(fd, name), { throwIfNoEntry: false });
    const kind = stat?.isFile() === true ? this.#twins.get(`${stat.dev}:${stat.ino}`) : undefined;
    if (kind !== undefined) this.#cover({ path, kind });
    return true;
  }

  #noteTwin(fd: number, name: string, kind: 'file' | 'kept'): void {
    const stat = lstatSync(inFolder(fd, name), { throwIfNoEntry: false });
    if (stat !== undefined && stat.nlink > 1) this.#twins.set(`${stat.dev}:${stat.ino}`, kind);
  }

  /** A folder that tools know by its own name is not to be exchanged for another one. */
  #pin(path: string): void {
    const holder = HOLDER.exec(path)?.groups?.['holder'];
    if (holder !== undefined) this.#cover({ path: holder, kind: 'pinned' });
  }

  #cover(cover: Cover): void {
    this.#covers.set(`${cover.kind === 'kept' ? 'kept' : 'cover'} ${cover.path}`, cover);
    if (this.#covers.size > MOST_COVERS)
      throw this.#tooMany(
        `more than ${MOST_COVERS} files that are secrets, that programs run by themselves, or that rules are about`,
      );
  }

  #tooMany(what: string): ToolError {
    const { folder } = this.#mount;
    return new ToolError('too_many_secrets', `${folder} has ${what}`, {
      hint: 'The person can mount the part of it that is needed, or write rules that name folders.',
    });
  }
}

/** Given the folders above, each with a slash behind. */
type Look = (fd: number, entry: Dirent, way: string) => boolean;

const HOLDER = /^(?<holder>(?:.*\/)?\.(?:git|config))\//i;
/** Of what git keeps only the parts that have such files. */
const GIT_INNER = /(?:^|\/)\.git\/(?!modules(?:\/|$)|worktrees(?:\/|$))/i;
