import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Writable } from 'node:stream';

import type { Closable } from './belongings.ts';

export type Environment = Readonly<Record<string, string>>;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process that leads its own group, so that closing it ends its children too. */
export interface OwnedProcess extends Closable {
  readonly pid: number;
  readonly stdin: Writable;
  readonly exited: Promise<Exit>;
  isRunning(): boolean;
  /** What it wrote so far; the lab keeps the last 64 kB. */
  stdout(): string;
  stderr(): string;
  /** Calls `listener` for each whole line of standard output, from the first. */
  onLine(listener: (line: string) => void): void;
}

export interface Launch {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  /** How long it may take to end by itself before it is killed. */
  readonly graceMs?: number;
}

const KEPT = 65_536;

function keepTail(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-KEPT);
  });
  return () => text;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
}

async function end(pid: number, exited: Promise<Exit>, graceMs: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  await Promise.race([exited, delay(graceMs, undefined, { ref: false })]);
  signalGroup(pid, 'SIGKILL');
  await exited;
}

/** Starts a process that also dies when the process that runs the tests is killed. */
export function startProcess({ command, args = [], env, cwd, graceMs = 500 }: Launch): OwnedProcess {
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', command, ...args], {
    cwd,
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { pid, stdin } = child;
  const exited = exitOf(child);
  stdin.on('error', () => undefined); // The reader may be gone before the last write.
  if (pid === undefined) throw new Error(`could not start ${command}`);

  let closing: Promise<void> | undefined;
  const stdout = keepTail(child.stdout);
  const stderr = keepTail(child.stderr);
  return {
    pid,
    stdin,
    exited,
    stdout,
    stderr,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    onLine: (listener) => {
      let rest = stdout();
      const flush = () => {
        const lines = rest.split('\n');
        rest = lines.pop() ?? '';
        lines.forEach(listener);
      };
      flush();
      child.stdout.on('data', (chunk: string) => {
        rest += chunk;
        flush();
      });
    },
    close: () => (closing ??= end(pid, exited, graceMs)),
  };
}

/** Runs a command to its end and gives its standard output; throws when it fails. */
export async function run(launch: Launch): Promise<string> {
  const child = startProcess(launch);
  child.stdin.end();
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`${launch.command} failed with ${code}: ${child.stderr()}`);
  return child.stdout();
}
