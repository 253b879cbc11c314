import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readlink, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isOwnerAlive, ownerHere, startOf } from '../owner.ts';

/** The folder where a browser keeps what it knows. */
export interface Profile {
  readonly folder: string;
  /** Deleted when the browser ends. */
  readonly isTemporary: boolean;
}

/** The profile that stays from one time to the next: in the state folder, or in one that was named. */
export async function keptProfile(home: string, named?: string): Promise<Profile> {
  const folder = named ?? join(home, 'chrome', 'profile');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return { folder, isTemporary: false };
}

/** A new one, named after this process, so that it is known whose it was when nobody could delete it. */
export async function temporaryProfile(home: string): Promise<Profile> {
  const folder = join(temporaryFolder(home), `${await ownerHere()}-${randomBytes(4).toString('hex')}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return { folder, isTemporary: true };
}

/** Deletes the temporary profiles whose owners are no more. */
export async function sweepProfiles(home: string): Promise<void> {
  const parent = temporaryFolder(home);
  for (const name of await entries(parent)) {
    if (await isOwnerAlive(name)) continue;
    await rm(join(parent, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Whether a browser that runs has this profile. */
export async function isInUse({ folder }: Profile): Promise<boolean> {
  try {
    const [host, pid] = splitLast(await readlink(join(folder, 'SingletonLock')));
    return host !== hostname() || (await startOf(Number(pid))) !== null;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

const temporaryFolder = (home: string): string => join(home, 'chrome', 'isolated');

const splitLast = (text: string): readonly [string, string] => {
  const at = text.lastIndexOf('-');
  return [text.slice(0, at), text.slice(at + 1)];
};

async function entries(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
