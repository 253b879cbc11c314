import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whose rights a sandbox has on the folders. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: User = { uid: 65_534, gid: 65_534 };

const ROOT: User = { uid: 0, gid: 0 };

/**
 * The user of this process; for root, who has no business in a sandbox, the owner of the first folder. Where this is a
 * user namespace that knows no such user, as in some containers, root there is an ordinary user outside.
 */
export async function ownUser(folders: readonly string[]): Promise<User> {
  const [uid = NOBODY.uid, gid = NOBODY.gid] = [process.geteuid?.(), process.getegid?.()];
  if (uid !== 0) return { uid, gid };
  const user = await ownerOf(folders[0]);
  return (await isKnown('uid_map', user.uid)) && (await isKnown('gid_map', user.gid)) ? user : ROOT;
}

async function ownerOf(folder: string | undefined): Promise<User> {
  if (folder === undefined) return NOBODY;
  try {
    return await stat(folder);
  } catch {
    // that it is not there is said when it is mounted
    return NOBODY;
  }
}

/** Whether the bits of a folder without links, and of those above it, let a user through who has no other groups. */
export async function mayEnter(user: User, folder: string): Promise<boolean> {
  if (user.uid === 0) return true;
  const found = await stat(folder).catch(() => null);
  if (found === null) return false;
  const { uid, gid, mode } = found;
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  return folder === '/' || mayEnter(user, dirname(folder));
}

/** Whether a number is that of somebody in this user namespace: its map has lines of `FIRST OUTSIDE COUNT`. */
async function isKnown(map: 'uid_map' | 'gid_map', id: number): Promise<boolean> {
  const lines = (await readFile(`/proc/self/${map}`, 'utf8')).trim().split('\n');
  return lines.some((line) => {
    const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return id >= first && id < first + count;
  });
}

/** How `setpriv` treats the groups of this process: some user namespaces let nobody leave any. */
export async function groupsOption(): Promise<'--clear-groups' | '--keep-groups'> {
  const said = await readFile('/proc/self/setgroups', 'utf8');
  return said.trim() === 'deny' ? '--keep-groups' : '--clear-groups';
}
