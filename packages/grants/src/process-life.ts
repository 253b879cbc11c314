import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** One life of a process: tells a reused pid from the first one, another boot and another container or machine. */
export interface ProcessLife {
  readonly pid: number;
  /** Start in clock ticks since boot on Linux; `0` where it cannot be told. */
  readonly start: string;
  readonly boot: string;
  /** Where the pid means something: the machine and its pid namespace. */
  readonly space: string;
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** This process. */
export const ownLife = (): ProcessLife => ({
  pid: process.pid,
  start: startOf(process.pid) ?? '0',
  boot: shortHash(readOr('/proc/sys/kernel/random/boot_id', '')),
  space: shortHash(hostname() + pidNamespace()),
});

/** False only when the process is surely dead; a life in another container or machine counts as living. */
export function mayLive(life: ProcessLife, own: ProcessLife): boolean {
  if (life.space !== own.space) return true;
  if (life.boot !== own.boot) return false;
  return process.platform === 'linux' ? startOf(life.pid) === life.start : answersSignals(life.pid);
}

/** `undefined` when there is no such process, or only its zombie. */
function startOf(pid: number): string | undefined {
  const stat = readOr(`/proc/${pid}/stat`, '');
  // The name in parentheses may itself hold spaces and parentheses; fields 3 and 22 follow the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return ''; // not Linux
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise; // no such process, or not Linux
  }
}
