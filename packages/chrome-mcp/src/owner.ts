import { readFile } from 'node:fs/promises';

/** This process, so that another one knows whose something is that nobody could delete. */
export const ownerHere = async (): Promise<string> => `${process.pid}-${(await startOf(process.pid)) ?? '0'}`;

/** Whether the process that `ownerHere` named still runs; what follows a second `-` is not looked at. */
export async function isOwnerAlive(name: string): Promise<boolean> {
  const [pid = '', start = ''] = name.split('-');
  const now = await startOf(Number(pid));
  return now !== null && now === start;
}

/** When a process began, in ticks since the system did; `0` where that is not told; `null` when there is none. */
export async function startOf(pid: number): Promise<string | null> {
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

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
