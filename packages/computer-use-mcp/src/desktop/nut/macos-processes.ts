import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ANSWER_MS = 2000;

/** The executables of processes, as macOS' own `ps` tells them. Those that ended meanwhile are left out. */
export async function executablesOf(pids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (pids.length === 0) return new Map();
  try {
    const { stdout } = await run('/bin/ps', ['-ww', '-o', 'pid=,comm=', '-p', pids.join(',')], {
      timeout: ANSWER_MS,
    });
    return readProcesses(stdout);
  } catch {
    return new Map(); // it fails when none of them runs any more; then nobody is named
  }
}

/** Reads lines of a process number and an absolute path. */
export function readProcesses(text: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [, pid, path] = /^\s*(\d+)\s+(\/.*?)\s*$/.exec(line) ?? [];
    if (pid !== undefined && path !== undefined) found.set(Number(pid), path);
  }
  return found;
}
