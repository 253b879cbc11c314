import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Subject } from '@deskhand/tier-policy';
import type { Scene } from '../desktop.ts';

/** Major device numbers of the terminals that programs make: the slaves of `/dev/ptmx`. */
const FIRST_MAJOR = 136;
const LAST_MAJOR = 143;

/** Below one application; one with more counts as having a terminal. */
const MAX_PROCESSES = 200;

/** Processes with a window of their own are judged as themselves when it is their turn. */
export type WindowedProcesses = () => Promise<ReadonlySet<number>>;

/**
 * Tells of an application whether keys to it may reach a shell: it holds the master of a pseudo-terminal, or a
 * process below it, without a window of its own in between, has a pseudo-terminal that the application is not in
 * itself. Reads files of `/proc` at once; `windowed` is asked only when there is such a process.
 */
export async function withTerminal(subject: Subject, windowed: WindowedProcesses): Promise<Subject> {
  if (subject.kind === 'unknown') return subject;
  const { pid } = subject.app;
  const parent = subject.parent === undefined ? {} : { parent: await withTerminal(subject.parent, windowed) };
  const hasTerminal = holdsMaster(pid) || (await hasTerminalBelow(pid, windowed));
  return { ...subject, ...parent, ...(hasTerminal && { hasTerminal }) };
}

/** As `withTerminal`, for everybody in a scene. */
export async function withTerminals(scene: Scene, windowed: WindowedProcesses): Promise<Scene> {
  const known = new Map<Subject, Promise<Subject>>();
  const probe = (subject: Subject): Promise<Subject> => {
    const probed = known.get(subject) ?? withTerminal(subject, windowed);
    known.set(subject, probed);
    return probed;
  };
  const [frontmost, recipients] = await Promise.all([
    probe(scene.frontmost),
    Promise.all(scene.recipients.map(probe)),
  ]);
  return { ...scene, frontmost, recipients };
}

/** In another mount namespace the path of the device is another one, with the same end. */
function holdsMaster(pid: number): boolean {
  return namesIn(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`).endsWith('/ptmx'));
}

async function hasTerminalBelow(pid: number, windowed: WindowedProcesses): Promise<boolean> {
  const ways = waysToTerminals(pid);
  if (ways.length === 0) return false;
  const others = await windowed();
  return ways.some((way) => !way.some((process) => process !== pid && others.has(process)));
}

/** The processes on each way down to one in a pseudo-terminal that `pid` is not in. */
function waysToTerminals(pid: number): readonly (readonly number[])[] {
  const own = terminalOf(pid);
  const ways: (readonly number[])[] = [];
  let seen = 0;
  const visit = (parent: number, way: readonly number[]): void => {
    for (const child of childrenOf(parent)) {
      const longer = [...way, child];
      const terminal = terminalOf(child);
      seen += 1;
      if ((terminal !== null && terminal !== own) || seen > MAX_PROCESSES) ways.push(longer);
      else visit(child, longer);
    }
  };
  visit(pid, []);
  return ways;
}

/** Each thread has children of its own. */
const childrenOf = (pid: number): readonly number[] =>
  namesIn(`/proc/${pid}/task`).flatMap((thread) =>
    textOf(`/proc/${pid}/task/${thread}/children`)
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  );

/** The number of the pseudo-terminal that the process is in; field 7 of `/proc/<pid>/stat`, behind its name. */
function terminalOf(pid: number): number | null {
  const stat = textOf(`/proc/${pid}/stat`);
  const device = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[4] ?? 0);
  const major = (device >> 8) & 0xfff;
  return major >= FIRST_MAJOR && major <= LAST_MAJOR ? device : null;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // ended, or another person's process, to which keys of this one do not lead
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // ended meanwhile
  }
}
