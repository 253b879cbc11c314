import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { sha256 } from './canonical-json.ts';

/** One life of a process: tells a reused pid from the first one, another boot, and another container or machine. */
export const processLifeSchema = z.strictObject({
  pid: z.int().min(1),
  /** Start in clock ticks since boot on Linux; `0` where it cannot be told. */
  start: z.string().max(40),
  boot: z.string().max(40),
  /** Where the pid means something: the machine and its pid namespace. */
  space: z.string().max(40),
});

export type ProcessLife = Readonly<z.infer<typeof processLifeSchema>>;

const short = (text: string): string => sha256(text).slice(0, 8);

/** What the kernel never changes of a process that runs, once it could be read. */
let fixed: ReturnType<typeof readFixed> | undefined;

const readFixed = () => ({
  start: startOf(process.pid) ?? '0',
  boot: readOr('/proc/sys/kernel/random/boot_id', ''),
  namespace: pidNamespace(),
});

/** This process. */
export function ownLife(): ProcessLife {
  const { start, boot, namespace } = fixed ?? readFixed();
  if (start !== '0' && boot !== '') fixed ??= { start, boot, namespace };
  // a machine may be given another name meanwhile
  return { pid: process.pid, start, boot: short(boot), space: short(hostname() + namespace) };
}

/** False only when the process surely ended: one in another container or machine counts as living. */
export function mayLive(life: ProcessLife, own: ProcessLife): boolean {
  if (life.space !== own.space) return true;
  if (life.boot !== own.boot) return false;
  if (life.pid === own.pid) return life.start === own.start;
  return process.platform === 'linux' ? startOf(life.pid) === life.start : takesSignals(life.pid);
}

/** `undefined` of one that is not there or only waits for its parent to see it ended, and where it cannot be told. */
export function startOf(pid: number): string | undefined {
  const stat = readOr(`/proc/${pid}/stat`, '');
  // the program's name, in parentheses, may hold blanks and parentheses
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : rest[18];
}

function takesSignals(pid: number): boolean {
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
