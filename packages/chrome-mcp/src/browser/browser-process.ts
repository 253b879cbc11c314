import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { Pipes } from '../cdp/pipe-connection.ts';

/**
 * The watcher is no child of the browser but in its group, and reads descriptor 5 until we close it or die. The
 * browser ends by itself when its pipes close; what is left of it then is killed, and the folder deleted.
 */
const WATCHED = [
  `(trap '' HUP INT TERM`,
  `{ read -r _; n=0`,
  `while kill -0 $$ && [ $n -lt 30 ]; do sleep 0.1; n=$((n+1)); done`,
  `kill -KILL $$; kill -TERM 0`,
  `[ -z "$1" ] || { rm -rf -- "$1"; sleep 0.2; rm -rf -- "$1"; }`,
  `kill -KILL 0; } <&5 >/dev/null 2>&1 3<&- 4>&- &)`,
  `shift; exec "$@" 5<&-`,
].join('\n');

/** How much of what the browser complains about is kept, in characters. */
const COMPLAINT = 4_000;

export interface BrowserProcess extends Pipes {
  readonly pid: number;
  /** How it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** The last that it wrote to its standard error. */
  complaint(): string;
  /** Kills it with all that it started. */
  kill(): void;
}

export interface ProcessOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Deleted when it ends, however we end. */
  readonly temporaryFolder: string | null;
}

/**
 * Starts a browser that cannot outlive this process.
 *
 * @throws Error of spawn, such as EACCES
 */
export async function startBrowser(
  executable: string,
  args: readonly string[],
  { env, temporaryFolder }: ProcessOptions,
): Promise<BrowserProcess> {
  const isWindows = process.platform === 'win32';
  const file = isWindows ? executable : '/bin/sh';
  const watched = ['-c', WATCHED, 'sh', temporaryFolder ?? '', executable, ...args];
  const child = spawn(file, isWindows ? args : watched, {
    env: { ...env },
    detached: !isWindows,
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', isWindows ? 'ignore' : 'pipe'],
  });
  await once(child, 'spawn');
  return ownBrowser(child);
}

function ownBrowser(child: ChildProcess): BrowserProcess {
  const { pid } = child;
  const [input, output, watcher] = [child.stdio[3], child.stdio[4], child.stdio.at(5)];
  if (pid === undefined || !(input instanceof Writable) || !(output instanceof Readable)) {
    throw new Error('the browser has no pipes');
  }
  // its end is told by `ended`
  for (const pipe of [watcher, child.stderr]) pipe?.on('error', () => undefined);
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-COMPLAINT);
  });
  let isOver = false;
  const ended = new Promise<Awaited<BrowserProcess['ended']>>((resolve) => {
    child.once('exit', (code, signal) => {
      isOver = true;
      watcher?.destroy();
      resolve({ code, signal });
    });
  });
  return {
    ...{ pid, input, output, ended },
    complaint: () => complaint,
    kill: () => {
      if (!isOver) killTree(child, pid);
    },
  };
}

function killTree(child: ChildProcess, pid: number): void {
  if (process.platform === 'win32') spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
  // the watcher, in the same group, stays to delete the folder
  else child.kill('SIGKILL');
}
