import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestJson, openLedger } from '@deskhand/run-ledger';
import { compete, OURS, type Contender, type Contest, type Play } from '../contest.ts';
import type { Measurement, Metric } from '../measurement.ts';
import { summaryOf } from '../statistics.ts';
import { startOverHttp, startOverStdio, type EchoServer, type EchoStart } from './echo-client.ts';
import { BARE, CALLS, METRICS } from './metrics.ts';

/** Calls of each sample; a round compares the medians of two samples. */
const CALLS_EACH = 60;
const APPENDS_EACH = 2000;

const built = (name: string): string => fileURLToPath(new URL(`server/${name}.bundle.js`, import.meta.url));

const contender = (name: string, metric: Metric, sample: () => Promise<readonly number[]>): Contender => ({
  names: [name],
  sample: async () => [{ metric: metric.name, by: name, values: await sample() }],
});

/** Both answer the same calls; each sample gives the median of its calls. */
function calling(metric: Metric, ours: EchoServer, bare: EchoServer): Contest {
  const sample = (server: EchoServer) => async () => [summaryOf(await server.call(CALLS_EACH)).median];
  return {
    title: metric.name,
    metrics: [metric],
    share: 2,
    isRestless: true,
    ours: contender(OURS, metric, sample(ours)),
    peers: [contender(BARE, metric, sample(bare))],
  };
}

/** The difference of each round. */
function addedTo(metric: Metric, calls: readonly Measurement[]): readonly Measurement[] {
  return calls.map(({ ours, peers }) => {
    const bare = peers[0]?.series;
    const times = Array.isArray(bare) ? bare : [];
    return { metric, ours: ours.map((value, round) => value - (times[round] ?? Number.NaN)), peers: [] };
  });
}

async function compareCalls(
  { call, added }: (typeof CALLS)['stdio' | 'http'],
  servers: readonly [EchoServer, EchoServer],
  play: Play,
): Promise<readonly Measurement[]> {
  try {
    const measured = await compete(calling(call, ...servers), play);
    return [...measured, ...addedTo(added, measured)];
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

async function startOf(start: EchoStart): Promise<readonly number[]> {
  const server = await startOverStdio(start);
  await server.close();
  return [server.startMs];
}

const starting = (home: string): Contest => ({
  title: METRICS.start.name,
  metrics: [METRICS.start],
  share: 1,
  ours: contender(OURS, METRICS.start, () => startOf({ file: built('ours'), home })),
  peers: [contender(BARE, METRICS.start, () => startOf({ file: built('bare'), home }))],
});

/** Kills a server that is at work, and starts it again on what it left behind. */
async function restartOf(start: EchoStart): Promise<readonly number[]> {
  const server = await startOverStdio(start);
  const work = server.call(1000).catch(() => []); // cut off by the kill
  await server.call(20);
  process.kill(server.pid, 'SIGKILL');
  await work;
  await server.close();
  return startOf(start);
}

const restarting = (home: string): Contest => ({
  title: METRICS.restart.name,
  metrics: [METRICS.restart],
  share: 0.5,
  ours: contender(OURS, METRICS.restart, () => restartOf({ file: built('ours'), home })),
  peers: [],
});

/** Microseconds of each row, in a file of its own. */
function appendTimes(folder: string): readonly number[] {
  const ledger = openLedger({ folder, run: 'bench', session: 'bench', actor: 'bench', surface: 'bench' });
  const argsSha256 = digestJson({ text: 'the same' });
  const times: number[] = [];
  try {
    for (let row = 0; row < APPENDS_EACH; row++) {
      const start = performance.now();
      ledger.append({ phase: 'intent', name: 'echo', argsSha256 });
      times.push((performance.now() - start) * 1000);
    }
  } finally {
    ledger.close();
  }
  return times;
}

const appending = (folder: string): Contest => ({
  title: METRICS.append.name,
  metrics: [METRICS.append],
  share: 0.5,
  ours: contender(OURS, METRICS.append, () => Promise.resolve(appendTimes(folder))),
  peers: [],
});

/** What server-runtime adds to the SDK's own server. */
export async function benchRuntime(play: Play): Promise<readonly Measurement[]> {
  const home = await mkdtemp(join(tmpdir(), 'deskhand-bench-home-'));
  const ours = { file: built('ours'), home };
  const bare = { file: built('bare'), home };
  try {
    const stdio = await compareCalls(
      CALLS.stdio,
      [await startOverStdio(ours), await startOverStdio(bare)],
      play,
    );
    const http = await compareCalls(
      CALLS.http,
      [
        await startOverHttp({
          ...ours,
          args: ['serve', '--http'],
          lines: 2,
          tokenFile: ([, where = '']) => where.replace('The token is in ', ''),
        }),
        await startOverHttp({ ...bare, args: ['--http'], lines: 1 }),
      ],
      play,
    );
    const rest: Measurement[] = [];
    for (const contest of [starting(home), restarting(home), appending(join(home, 'appended'))])
      rest.push(...(await compete(contest, play)));
    return [...stdio, ...http, ...rest];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
