import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

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
  const owner = `${process.pid}-${(await startOf(process.pid)) ?? '0'}`;
  const folder = join(temporaryFolder(home), `${owner}-${randomBytes(4).toString('hex')}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return { folder, isTemporary: true };
}

/** Deletes the temporary profiles whose owners are no more. */
export async function sweepProfiles(home: string): Promise<void> {
  const parent = temporaryFolder(home);
  for (const name of await entries(parent)) {
    const [pid = '', start = ''] = name.split('-');
    if (await isAlive(Number(pid), start)) continue;
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

async function isAlive(pid: number, start: string): Promise<boolean> {
  const now = await startOf(pid);
  return now !== null && now === start;
}

/** When a process began, in ticks since the system did; `0` where that is not told; `null` when there is none. */
async function startOf(pid: number): Promise<string | null> {
  if (!Number.isInteger(pid) || pid <= 0 || !exists(pid)) return null;
  if (process.platform !== 'linux') return '0';
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // a zombie has ended; its parent has not looked yet
    return fields[0] === 'Z' ? null : (fields[19] ?? '0');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // one of another user's is alive too
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

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
