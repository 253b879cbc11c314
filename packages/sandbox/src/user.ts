import { stat } from 'node:fs/promises';

/** Whose rights a sandbox has on the folders. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: User = { uid: 65_534, gid: 65_534 };

/** The user of this process; for root, who has no business in a sandbox, the owner of the first folder. */
export async function ownUser(folders: readonly string[]): Promise<User> {
  const [uid = NOBODY.uid, gid = NOBODY.gid] = [process.geteuid?.(), process.getegid?.()];
  if (uid !== 0) return { uid, gid };
  const [first] = folders;
  if (first === undefined) return NOBODY;
  try {
    return await stat(first);
  } catch {
    // that it is not there is said when it is mounted
    return NOBODY;
  }
}
