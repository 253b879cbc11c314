import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startFakeMessages } from '@deskhand/fake-messages';

const HOST = join(
  dirname(createRequire(import.meta.url).resolve('@deskhand/cli/package.json')),
  'dist',
  'cli.js',
);

export interface HostStart {
  /** Milliseconds from the start of the process to the request. */
  readonly ms: number;
  /** Resident, in megabytes, when the request came. */
  readonly memory: number;
}

/** A host of its own state, with a task for the model behind the URL. */
export function runHost(
  home: string,
  url: string,
  args: readonly string[],
): { readonly child: ChildProcess; readonly ended: Promise<unknown> } {
  const task = ['run', 'Say that you are done', '--json', ...args];
  const child = spawn(process.execPath, [HOST, ...task], {
    cwd: home,
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      DESKHAND_HOME: home,
      DESKHAND_ISOLATED: 'true',
      ANTHROPIC_API_KEY: 'none',
      ANTHROPIC_BASE_URL: url,
    },
  });
  return { child, ended: once(child, 'exit') };
}

/** Gives the host a task that needs one answer, and waits until it has ended. */
export async function startHost(home: string, servers: readonly string[]): Promise<HostStart> {
  let begun = 0;
  let pid = 0;
  let found: Promise<HostStart> | undefined;
  const reply = (): { text: string } => {
    found ??= look(performance.now() - begun, pid);
    return { text: 'Done.' };
  };
  const api = await startFakeMessages({ steps: [{ reply }] });
  try {
    begun = performance.now();
    const host = runHost(home, api.url, ['--servers', servers.join(',')]);
    pid = host.child.pid ?? 0;
    await host.ended;
    if (found === undefined) throw new Error(`the host sent no request: ${api.refusals.join('; ')}`);
    return await found;
  } finally {
    await api.close();
  }
}

async function look(ms: number, pid: number): Promise<HostStart> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN);
  return { ms, memory: kilobytes / 1000 };
}
