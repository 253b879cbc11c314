import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const lifeSchema = z.strictObject({ pid: z.int().min(2), start: z.string(), boot: z.string() });
const recordSchema = z.strictObject({ child: lifeSchema, owner: lifeSchema });

type Life = z.output<typeof lifeSchema>;

/**
 * The children that gateways of this state folder started, a file each, so that those whose gateway is dead can be
 * ended. On Linux only: elsewhere a number of a process cannot be told from the same number later.
 */
export class ChildRecords {
  readonly #folder: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
  }

  /** Kills the groups that dead gateways left behind; returns their numbers. */
  reap(): readonly number[] {
    return readdirSync(this.#folder).flatMap((name) => {
      const file = join(this.#folder, name);
      const record = readRecord(file);
      if (record !== undefined && isAlive(record.owner)) return [];
      rmSync(file, { force: true });
      if (record === undefined || !isAlive(record.child)) return [];
      killGroup(record.child.pid, 'SIGKILL');
      return [record.child.pid];
    });
  }

  /** Remembers a child; returns what forgets it when it has ended. */
  add(pid: number): () => void {
    const child = lifeOf(pid);
    const owner = lifeOf(process.pid);
    const file = join(this.#folder, `${process.pid}-${pid}.json`);
    if (child === undefined || owner === undefined) return () => undefined;
    writeFileSync(file, JSON.stringify({ child, owner }), { mode: 0o600 });
    return () => rmSync(file, { force: true });
  }
}

/** Signals all of a process group; one that has ended already is fine. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function readRecord(file: string): z.output<typeof recordSchema> | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined; // torn when its gateway was killed, or not ours
  }
}

const isAlive = ({ pid, start, boot }: Life): boolean => {
  const now = lifeOf(pid);
  return now !== undefined && now.start === start && now.boot === boot;
};

/** `undefined` where it cannot be told, and of what has ended. */
function lifeOf(pid: number): Life | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name in parentheses may hold anything; the state and the start follow the last one
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const start = rest[18];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return start === undefined || state === 'Z' || state === 'X' ? undefined : { pid, start, boot };
  } catch {
    return undefined; // not Linux, or no such process
  }
}
