import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, normalize } from 'node:path';
import { SandboxError } from './sandbox-error.ts';

/** `O_PATH` of Linux, which Node.js does not name: a descriptor that says what is meant, and cannot read it. */
const O_PATH = 0o10000000;
const FLAGS = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** A folder that is held open, so that its identity cannot become another's. */
export interface MountSource {
  readonly path: string;
  /** Its device and inode, as `stat --format=%d:%i` prints them. */
  readonly identity: string;
  close(): Promise<void>;
}

/**
 * Opens a folder component by component. A symlink on the way is refused, so that what somebody agreed to is what is
 * mounted, whatever is exchanged meanwhile.
 *
 * @param path - absolute, as `realpath` gives it
 * @throws SandboxError `folder_missing` or `folder_unsafe`
 */
export async function openMountSource(path: string): Promise<MountSource> {
  if (!isAbsolute(path) || normalize(path) !== path) throw await notMountable(path);
  let handle = await open('/', FLAGS);
  for (const name of path.split('/').filter(Boolean)) {
    const parent = handle;
    try {
      handle = await open(`/proc/self/fd/${parent.fd}/${name}`, FLAGS);
    } catch (cause) {
      throw await notMountable(path, cause);
    } finally {
      await parent.close();
    }
  }
  const { dev, ino } = await handle.stat({ bigint: true });
  return { path, identity: `${dev}:${ino}`, close: () => handle.close() };
}

/** Why a folder cannot be mounted by that path. */
export async function notMountable(path: string, cause?: unknown): Promise<SandboxError> {
  const real = await realPath(path);
  if (real === null) {
    const hint = `Look at it with: ls -ld '${path}'`;
    return new SandboxError('folder_missing', `there is no folder ${path} to mount`, { cause, hint });
  }
  const hint = real === path ? `Look at it with: ls -ld '${path}'` : `Mount ${real}, where it leads`;
  return new SandboxError('folder_unsafe', `${path} is not the plain path of a folder`, { cause, hint });
}

async function realPath(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    // it is not there, or may not be looked at
    return null;
  }
}
