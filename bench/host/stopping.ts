import { startFakeMessages } from '@deskhand/fake-messages';
import type { Gateway } from '@deskhand/gateway';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compete, OURS, type Contest, type Play } from '../contest.ts';
import type { Measurement, Metric } from '../measurement.ts';
import { runHost } from './host-start.ts';
import { METRICS } from './metrics.ts';
import { openStation } from './station.ts';

const WORKSPACE = fileURLToPath(new URL('../../../packages/workspace-mcp/dist/cli.js', import.meta.url));
const POLL_MS = 1;
const MOST_MS = 20_000;

/** Processes of this machine with this in their command line, those in sandboxes too. */
const processesWith = (words: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((pid) => commandLine(pid).includes(words));

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it ended meanwhile
  }
}

/** Milliseconds until it is so. */
async function until(isSo: () => boolean): Promise<number> {
  const begun = performance.now();
  while (!isSo()) {
    if (performance.now() - begun > MOST_MS) throw new Error('it did not come to that');
    await delay(POLL_MS);
  }
  return performance.now() - begun;
}

let count = 0;

/** A command that nobody else runs. */
const longCommand = (): string => `sleep ${90_000 + process.pid}.${String(++count).padStart(4, '0')}`;

/** Not in the check of its syntax, which has it in its command line too. */
const runs = (command: string) => (): boolean =>
  processesWith(command).some((pid) => commandLine(pid).startsWith('sleep '));

const isOver = (command: string) => (): boolean => processesWith(command).length === 0;

/** The code of its failure; null where it did not fail. */
async function bash(
  gateway: Gateway,
  command: string,
  signal = new AbortController().signal,
): Promise<string | null> {
  const call = { id: `c${++count}`, name: 'workspace__Bash', input: { command } };
  const outcome = await gateway.call(call, { signal });
  return outcome.kind === 'done' ? outcome.code : outcome.kind;
}

async function abort(gateway: Gateway): Promise<number> {
  const stop = new AbortController();
  const command = longCommand();
  const ended = bash(gateway, command, stop.signal).catch(() => undefined); // by the abort
  await until(runs(command));
  stop.abort();
  const ms = await until(isOver(command));
  await ended;
  return ms;
}

async function interrupt(home: string, mount: string): Promise<number> {
  const command = longCommand();
  const call = { name: 'workspace__Bash', input: { command } };
  const api = await startFakeMessages({ steps: [{ reply: { toolCalls: [call] } }] });
  try {
    const host = runHost(home, api.url, ['--servers', 'workspace', '--mount', mount]);
    await until(runs(command));
    host.child.kill('SIGINT');
    const ms = await until(isOver(command));
    await host.ended;
    return ms;
  } finally {
    await api.close();
  }
}

/** A call that the server did not survive is made again, as a model does. */
async function restart(gateway: Gateway, mount: string): Promise<number> {
  const [server] = processesWith(`${WORKSPACE} --mount ${mount}`);
  if (server === undefined) throw new Error('the server is not there');
  process.kill(server, 'SIGKILL');
  const begun = performance.now();
  for (;;) {
    const code = await bash(gateway, 'true');
    if (code === null) return performance.now() - begun;
    if (code !== 'server_died') throw new Error(`the call failed: ${code}`);
  }
}

const contest = (metric: Metric, share: number, sample: () => Promise<number>): Contest => ({
  ...{ title: metric.name, metrics: [metric], share, isRestless: true, peers: [] },
  ours: {
    names: [OURS],
    sample: async () => [{ metric: metric.name, by: OURS, values: [await sample()] }],
  },
});

/** How soon commands are over, and how soon a server that was killed answers. */
export async function stopping(home: string, play: Play): Promise<readonly Measurement[]> {
  const state = join(home, 'state');
  const folder = join(home, 'work');
  await mkdir(folder, { recursive: true });
  const mount = `work=${folder}`;
  const station = await openStation(state, {
    name: 'workspace',
    args: [WORKSPACE, '--mount', mount],
  });
  const { gateway } = station;
  try {
    await bash(gateway, 'true');
    const aborts = await compete(
      contest(METRICS.abort, 1, () => abort(gateway)),
      play,
    );
    const restarts = await compete(
      contest(METRICS.restart, 0.5, () => restart(gateway, mount)),
      play,
    );
    const interrupts = await compete(
      contest(METRICS.interrupt, 0.5, () => interrupt(state, mount)),
      play,
    );
    return [...aborts, ...interrupts, ...restarts];
  } finally {
    await station.close();
  }
}
