import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/**
 * The watcher is no child of the command, stays in its group when asked to end, and kills the group when the other
 * end of descriptor 3 is closed, by us or by our death. The command takes the place of the shell.
 */
const WATCHED = [
  `(trap '' HUP INT TERM`,
  `{ read -r _; kill -KILL 0; } <&3 >/dev/null 2>&1 &)`,
  `exec "$@" 3<&-`,
].join('\n');

export interface OwnedOptions {
  readonly cwd?: string;
  /** All of the child's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where its standard error goes. Default `pipe`. */
  readonly stderr?: 'pipe' | 'ignore' | 'inherit';
}

/** A child that cannot outlive us, with all that it starts in its process group. */
export interface OwnedProcess {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Undefined unless it is piped. */
  readonly stderr: Readable | undefined;
  /** How the command itself ended; what it left in its group is killed then. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Signals the whole group. */
  kill(signal: NodeJS.Signals): void;
  /** Closes its stdin, asks the group to end, and kills what is left after `graceMs` (2 s unless told). */
  close(graceMs?: number): Promise<void>;
}

/**
 * Starts a command as the leader of a process group that is killed when this process ends in whatever way, `kill -9`
 * included. What leaves the group with setsid escapes. On Windows the tree is killed on `close` only.
 *
 * @throws Error of spawn, such as ENOENT for a missing `cwd`; a missing command ends with code 127
 */
export async function spawnOwned(
  command: string,
  args: readonly string[],
  { cwd, env, stderr = 'pipe' }: OwnedOptions,
): Promise<OwnedProcess> {
  const isWindows = process.platform === 'win32';
  const file = isWindows ? command : '/bin/sh';
  const argv = isWindows ? args : ['-c', WATCHED, 'sh', command, ...args];
  const child = spawn(file, argv, {
    ...(cwd !== undefined && { cwd }),
    env: { ...env },
    detached: !isWindows,
    windowsHide: true,
    stdio: ['pipe', 'pipe', stderr, isWindows ? 'ignore' : 'pipe'],
  });
  await once(child, 'spawn');
  return owned(child);
}

function owned(child: ChildProcess): OwnedProcess {
  const { pid, stdin, stdout } = child;
  if (pid === undefined || stdin === null || stdout === null) throw new Error('the child has no pipes');
  const ignore = (): void => undefined; // the end of the child is told by `ended`
  stdin.on('error', ignore);
  child.stdio[3]?.on('error', ignore);
  let isOver = false;
  const ended = new Promise<Awaited<OwnedProcess['ended']>>((resolve) => {
    child.once('exit', (code, signal) => {
      // the watcher still holds the group, so that its number cannot be another's by now
      killGroup(pid, 'SIGKILL');
      isOver = true;
      child.stdio[3]?.destroy();
      resolve({ code, signal });
    });
  });
  return {
    pid,
    stdin,
    stdout,
    stderr: child.stderr ?? undefined,
    ended,
    kill: (signal) => {
      if (!isOver) killGroup(pid, signal);
    },
    async close(graceMs = 2_000) {
      if (isOver) return;
      stdin.end();
      killGroup(pid, 'SIGTERM');
      const timer = setTimeout(() => killGroup(pid, 'SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32')
      spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    else process.kill(-pid, signal);
  } catch (error) {
    // all of it has ended already
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
