import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly name: string;
  readonly parent: number;
  readonly group: number;
  /** The group that the terminal belongs to, as it is for every process on it. */
  readonly foreground: number;
  /** In ticks since the system started. */
  readonly startedAt: number;
}

/** Numbers of system calls by which a process waits for words: of x86-64 and of arm64. */
const READ = new Set(process.arch === 'x64' ? [0, 19] : [63, 65]);
const POLL = new Set(process.arch === 'x64' ? [7, 23, 232, 270, 271, 281] : [22, 72, 73]);

/** Every process that this one can see. */
function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(Number(name)) ?? []);
}

function processOf(pid: number): Process | null {
  const text = textOf(`/proc/${pid}/stat`);
  const end = text.lastIndexOf(')');
  if (end < 0) return null;
  const [, parent, group, , , foreground, ...rest] = text.slice(end + 2).split(' ');
  return {
    ...{ pid, name: text.slice(text.indexOf('(') + 1, end) },
    ...{ parent: Number(parent), group: Number(group), foreground: Number(foreground) },
    startedAt: Number(rest[13]),
  };
}

/** Those that a job started, also where they left the shell; the shell itself is none of them. */
export function processesOfJob(job: number, shell: number, since: number): readonly number[] {
  const all = processes();
  const children = new Set([shell]);
  for (let before = 0; before !== children.size;) {
    before = children.size;
    for (const { pid, parent } of all) if (children.has(parent)) children.add(pid);
  }
  const mark = `\0DESKHAND_JOB=${job}\0`;
  return all
    .filter(
      ({ pid, startedAt }) =>
        pid !== shell &&
        ((children.has(pid) && startedAt >= since) || `\0${textOf(`/proc/${pid}/environ`)}`.includes(mark)),
    )
    .map(({ pid }) => pid);
}

/** The program that has the terminal of a shell. */
export function foregroundOf(shell: number): readonly Process[] {
  const group = processOf(shell)?.foreground;
  return group === undefined ? [] : processes().filter((process) => process.group === group);
}

/** Whether a program reads from its terminal right now: for certain, or as it seems. */
export function waitsForWords(shell: number, terminal: string): 'reads' | 'polls' | null {
  const calls = foregroundOf(shell).map(({ pid }) => {
    const [number, descriptor] = textOf(`/proc/${pid}/syscall`).split(' ');
    const isTerminal = (fd: number): boolean =>
      [terminal, '/dev/tty'].includes(linkOf(`/proc/${pid}/fd/${fd}`));
    if (READ.has(Number(number ?? -1)) && isTerminal(Number(descriptor))) return 'reads';
    return number !== undefined && number !== '' && POLL.has(Number(number)) && isTerminal(0)
      ? 'polls'
      : null;
  });
  return calls.find((call) => call === 'reads') ?? calls.find((call) => call === 'polls') ?? null;
}

/** The time, as it is counted for the start of processes. */
export const ticksNow = (): number => Math.floor(Number(textOf('/proc/uptime').split(' ')[0] ?? 0) * 100);

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it ended, or is not ours
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
