import { ToolError, type CallContext } from '@deskhand/server-runtime';
import { constants } from 'node:fs';
import { open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How long a client may take to say which folders it works in. */
const ROOTS_MS = 5_000;

interface FileAccessParts {
  /** Folders that a person named; those of the client count where there are none. */
  readonly roots: readonly string[];
  /** The session's own, in the state folder. */
  readonly own: string;
  /** The state folder, which is nobody's otherwise. */
  readonly home: string;
}

/** Which files tools may read and make. What is opened is what was judged, whatever becomes of its path meanwhile. */
export class FileAccess {
  readonly #parts: FileAccessParts;

  constructor(parts: FileAccessParts) {
    this.#parts = parts;
  }

  /**
   * Opens a file to read it. Before the first effect of a tool: the client may be asked.
   *
   * @throws ToolError no_such_file, not_in_roots
   */
  async read(
    path: string,
    call: Pick<CallContext, 'roots'>,
  ): Promise<{ readonly handle: FileHandle; readonly name: string }> {
    const folders = await this.#folders(call);
    const real = await this.#real(within(path, folders), path);
    this.#check(real, folders, path);
    // one that is a pipe would be waited for
    const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      this.#check(await heldPath(handle, real), folders, path);
      if (!(await handle.stat()).isFile()) throw noSuchFile(path);
      return { handle, name: basename(real) };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Makes a file that was not there.
   *
   * @throws ToolError no_such_file for its folder, file_exists, not_in_roots
   */
  async create(
    path: string,
    call: Pick<CallContext, 'roots'>,
  ): Promise<{ readonly handle: FileHandle; readonly path: string }> {
    const folders = await this.#folders(call);
    const wanted = within(path, folders);
    const folder = await this.#real(dirname(wanted), path);
    this.#check(join(folder, basename(wanted)), folders, path);
    const held = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      this.#check(join(await heldPath(held, folder), basename(wanted)), folders, path);
      const handle = await open(inside(held, folder, basename(wanted)), 'wx', 0o600);
      return { handle, path: join(folder, basename(wanted)) };
    } catch (error) {
      throw isCode(error, 'EEXIST') ? exists(path) : error;
    } finally {
      await held.close();
    }
  }

  /** All as it is on the disk. */
  async #folders(call: Pick<CallContext, 'roots'>): Promise<Folders> {
    const { roots, own, home } = this.#parts;
    const named = roots.length > 0 ? roots : await rootsOf(call);
    // one that is not there has nothing in it
    const real = (folder: string): Promise<string | null> => realpath(folder).catch(() => null);
    const allowed = await Promise.all([...named, own].map(real));
    return {
      allowed: allowed.filter((folder) => folder !== null),
      own: await real(own),
      home: await real(home),
    };
  }

  async #real(path: string, asked: string): Promise<string> {
    try {
      return await realpath(path);
    } catch (error) {
      if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR') || isCode(error, 'ELOOP'))
        throw noSuchFile(asked);
      throw error;
    }
  }

  #check(real: string, { allowed, own, home }: Folders, asked: string): void {
    const isPrivate = home !== null && isIn(real, home) && !(own !== null && isIn(real, own));
    if (!isPrivate && allowed.some((folder) => isIn(real, folder))) return;
    const known = allowed.join(', ');
    throw new ToolError(
      'not_in_roots',
      `${JSON.stringify(asked.slice(0, 500))} is in no folder that may be used`,
      {
        hint: `Allowed are: ${known === '' ? 'none' : known}. A person allows another one with --root PATH.`,
      },
    );
  }
}

interface Folders {
  /** The first is where relative paths begin. */
  readonly allowed: readonly string[];
  readonly own: string | null;
  readonly home: string | null;
}

async function rootsOf(call: Pick<CallContext, 'roots'>): Promise<readonly string[]> {
  const answer = await call.roots({ key: 'roots', timeoutMs: ROOTS_MS });
  if (answer.action !== 'roots') return [];
  return answer.roots.flatMap(({ uri }) => (uri.startsWith('file:///') ? [fileURLToPath(uri)] : []));
}

const within = (path: string, { allowed: [first = ''] }: Folders): string =>
  isAbsolute(path) ? path : resolve(first, path);

/** The folder itself is in it too; both as they are on the disk. */
function isIn(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}

/** Where what is open is, which is not where its path leads by now. */
async function heldPath(handle: FileHandle, path: string): Promise<string> {
  if (process.platform === 'linux') return readlink(`/proc/self/fd/${handle.fd}`);
  const [held, named, real] = await Promise.all([handle.stat(), stat(path), realpath(path)]);
  return held.ino === named.ino && held.dev === named.dev ? real : '';
}

/** The path of a file in a folder that is held; other systems know no such path. */
const inside = ({ fd }: FileHandle, folder: string, name: string): string =>
  process.platform === 'linux' ? `/proc/self/fd/${fd}/${name}` : join(folder, name);

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const noSuchFile = (path: string): ToolError =>
  new ToolError('no_such_file', `There is no file or folder ${JSON.stringify(path.slice(0, 500))}`, {
    hint: 'Check the path; relative ones begin in the first allowed folder.',
  });

const exists = (path: string): ToolError =>
  new ToolError('file_exists', `${JSON.stringify(path.slice(0, 500))} is there already`, {
    hint: 'Files are never overwritten: choose another name.',
  });
