import { readdir, readFile, readlink } from 'node:fs/promises';

import { eventually } from './eventually.ts';

export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

async function read(path: string): Promise<string> {
  // A process may end, or belong to someone else, between the listing and the look.
  return readFile(path, 'latin1').catch(() => '');
}

async function inspect(pid: number, folder: string): Promise<Leftover | undefined> {
  const command = await read(`/proc/${pid}/cmdline`);
  if (command === '') return undefined; // A zombie or a kernel thread.
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  const isOurs = [command, cwd, await read(`/proc/${pid}/environ`)].some((text) => text.includes(folder));
  return isOurs ? { pid, command: command.replaceAll('\0', ' ').trim() } : undefined;
}

/** Processes that a desktop started: their command, folder or environment names its own folder. */
export async function leftoversOf(folder: string): Promise<readonly Leftover[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const found = await Promise.all(pids.map((pid) => inspect(pid, folder)));
  return found.filter((leftover) => leftover !== undefined);
}

/** Ends what left its process group, such as services that the session bus started. */
export async function endLeftoversOf(folder: string): Promise<void> {
  await eventually('the last processes of a desktop to end', async () => {
    const leftovers = await leftoversOf(folder);
    for (const { pid } of leftovers) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    return leftovers.length === 0;
  });
}
