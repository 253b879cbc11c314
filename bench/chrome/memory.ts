import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** Names of programs that are the browser and not the server. */
const BROWSER = /chrom|headless/iu;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

async function processOf(pid: string): Promise<readonly Process[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null); // ended in the meantime
  const [, name, parent] = /\((.*)\) \S (\d+)/su.exec(stat ?? '') ?? [];
  return name === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), name }];
}

function below(all: readonly Process[], pid: number): readonly Process[] {
  const children = all.filter(({ parent, name }) => parent === pid && !BROWSER.test(name));
  return children.flatMap((child) => [child, ...below(all, child.pid)]);
}

const MEGABYTE_KB = 1e6 / 1024;

async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''); // ended in the meantime
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / MEGABYTE_KB;
}

async function shareOf(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch((error: unknown) => {
    if (existsSync(`/proc/${pid}/exe`)) throw error;
    return ''; // ended in the meantime
  });
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) / MEGABYTE_KB;
}

async function sumOf(pid: number, memory: (pid: number) => Promise<number>): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  const all = (await Promise.all(pids.map(processOf))).flat();
  const tree = [pid, ...below(all, pid).map((one) => one.pid)];
  return (await Promise.all(tree.map(memory))).reduce((sum, one) => sum + one, 0);
}

/** Resident memory, in MB, of a process and those that it started, without the browser's. */
export const memoryOf = (pid: number): Promise<number> => sumOf(pid, residentOf);

/** Of the same processes their shares (PSS): a page that several processes of this machine have is parted among them. */
export const sharesOf = (pid: number): Promise<number> => sumOf(pid, shareOf);
