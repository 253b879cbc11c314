import { startOf } from '@deskhand/run-ledger/process-life';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { daemonStatus } from './hello.ts';

/** What a daemon leaves for people to read: information only, since a crash leaves it behind. */
const daemonInfo = daemonStatus.omit({ state: true, attached: true, calls: true }).extend({
  /** When the kernel started the process, in its ticks; tells a reused pid. Linux only. */
  startTicks: z.string().optional(),
});

export type DaemonInfo = z.output<typeof daemonInfo>;

export function writeInfo(path: string, info: Omit<DaemonInfo, 'startTicks'>): void {
  const startTicks = startOf(info.pid);
  const fresh = `${path}.${info.pid}.new`;
  writeFileSync(fresh, `${JSON.stringify({ ...info, startTicks }, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, path);
}

/** Undefined when there is none that can be read. */
export function readInfo(path: string): DaemonInfo | undefined {
  try {
    return daemonInfo.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined; // no daemon yet, or a person's edit: nothing depends on it
  }
}

export const removeInfo = (path: string): void => rmSync(path, { force: true });

/** True when the process that wrote the info still lives: its pid, and on Linux its start. */
export function isAlive({ pid, startTicks }: DaemonInfo): boolean {
  if (process.platform === 'linux') return startTicks !== undefined && startOf(pid) === startTicks;
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // no such process, or not ours
  }
}
