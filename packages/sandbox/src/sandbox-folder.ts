import { constants } from 'node:fs';
import { mkdtemp, open, readdir, readFile, readlink, realpath, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mayEnter, type User } from './user.ts';

/** What holds the mounts of one sandbox; outside of it they do not show, and these are empty. */
export const PARTS = { shared: 'mnt', staging: 'new' } as const;

const NAME = /^deskhand-sandbox-(?<pid>\d+)\.(?<start>\d+)\.(?<space>\d+)-[^.]{6}$/;
const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

const EVERYBODYS = '/tmp';

/** Where its folder can be: that of this process for temporary files, unless it is one that its user may not enter. */
export async function sandboxParent(user: User): Promise<string> {
  if (process.geteuid?.() !== 0) return tmpdir(); // the user is this process's own, whatever lets it through
  const own = await realpath(tmpdir()).catch(() => tmpdir()); // that it is not there is said when it is used
  return (await mayEnter(user, own)) || !(await mayEnter(user, EVERYBODYS)) ? own : EVERYBODYS;
}

/** Makes a folder that says by its name which process has it: pids are of a namespace, and come again. */
export async function makeSandboxFolder(parent: string): Promise<string> {
  const start = await startOf(process.pid);
  return mkdtemp(join(parent, `deskhand-sandbox-${process.pid}.${start ?? 0}.${await pidSpace()}-`));
}

/** Removes what processes left that were killed: of this user's only, and only where nothing is in it. */
export async function sweepSandboxFolders(parent: string): Promise<void> {
  const space = await pidSpace();
  const names = await readdir(parent).catch(() => []);
  await Promise.all(
    names.map(async (name) => {
      const owner = NAME.exec(name)?.groups;
      if (owner?.['space'] !== space) return;
      if ((await startOf(Number(owner['pid']))) !== owner['start']) await removeEmpty(join(parent, name));
    }),
  );
}

/** What has taken its place is not followed, nor is anything removed that has something in it. */
async function removeEmpty(path: string): Promise<void> {
  try {
    const folder = await open(path, FOLDER);
    try {
      if ((await folder.stat()).uid !== process.geteuid?.()) return;
      for (const part of Object.values(PARTS))
        await rmdir(`/proc/self/fd/${folder.fd}/${part}`).catch(() => undefined);
    } finally {
      await folder.close();
    }
    await rmdir(path);
  } catch {
    // what cannot be removed is not ours, or is in use
  }
}

/** In clock ticks since the machine started; `null` when there is no such process, or only what is left of it. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // the name stands in parentheses, and may have some
  const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return /^[ZX]?$/.test(state) ? null : (fields[18] ?? null);
}

const pidSpace = async (): Promise<string> => (await readlink('/proc/self/ns/pid')).replaceAll(/\D/g, '');
