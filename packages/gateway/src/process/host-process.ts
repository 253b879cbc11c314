import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { killGroup } from './child-records.ts';
import type { ProcessEnd, ServerProcess } from './server-process.ts';

/**
 * The watcher is no child of the command, stays in its group, and kills the group when the other end of descriptor 3
 * is closed, by us or by our death. The command takes the place of the shell.
 */
const WATCHED = [
  `(trap '' HUP INT TERM`,
  `{ read -r _; kill -KILL 0; } <&3 >/dev/null 2>&1 &)`,
  `exec "$@" 3<&-`,
].join('\n');

export interface HostProcessStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Called with the number of its process; returns what is called when it has ended. */
  readonly onStart: (pid: number) => () => void;
}

/** Starts a server in a process group of its own, which ends with us in whatever way we end. */
export async function startHostProcess(start: HostProcessStart): Promise<ServerProcess> {
  const child = spawned(start);
  const ignore = (): void => undefined; // its end is told by `exit`
  for (const stream of child.stdio) stream?.on('error', ignore);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const forget = start.onStart(pid);
  let isOver = false;
  const signal = (name: NodeJS.Signals): void => {
    if (!isOver) killGroup(pid, name);
  };
  const ended = once(child, 'exit').then((): ProcessEnd => {
    // the watcher still holds the group, so that its number cannot be another's by now
    signal('SIGKILL');
    isOver = true;
    forget();
    return { code: child.exitCode, signal: child.signalCode };
  });
  void ended.then(() => child.stdio[3]?.destroy());
  return { stdin: pipeOf(child, 0), stdout: pipeOf(child, 1), stderr: pipeOf(child, 2), ended, signal };
}

function spawned({ command, args, cwd, env }: HostProcessStart): ChildProcess {
  const isWindows = process.platform === 'win32';
  return spawn(isWindows ? command : '/bin/sh', isWindows ? args : ['-c', WATCHED, 'sh', command, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: { ...env },
    detached: !isWindows,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe', isWindows ? 'ignore' : 'pipe'],
  });
}

function pipeOf({ stdio }: ChildProcess, fd: number): Duplex {
  const pipe: unknown = stdio[fd];
  if (pipe instanceof Duplex) return pipe;
  throw new TypeError(`descriptor ${fd} is no pipe`);
}
