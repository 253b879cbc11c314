import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Gateway } from '@deskhand/gateway';
import { compete, OURS, type Contest, type Play } from '../contest.ts';
import type { Measurement } from '../measurement.ts';
import { startOverStdio, type EchoServer } from '../runtime/echo-client.ts';
import { summaryOf } from '../statistics.ts';
import { startHost } from './host-start.ts';
import { BARE, METRICS } from './metrics.ts';
import { openStation } from './station.ts';
import { stopping } from './stopping.ts';

/** Calls of each sample; a round compares the medians of two samples. */
const CALLS_EACH = 60;
const TEXT = 'The quick brown fox jumps over the lazy dog.';

/** The same server for both, so that only what is around the client differs. */
const SERVER = fileURLToPath(new URL('../runtime/server/bare.bundle.js', import.meta.url));

async function callsThrough(gateway: Gateway): Promise<readonly number[]> {
  const { signal } = new AbortController();
  const times: number[] = [];
  for (let count = 0; count < CALLS_EACH; count++) {
    const begin = performance.now();
    const outcome = await gateway.call(
      { id: `c${count}`, name: 'echo__echo', input: { text: TEXT } },
      { signal },
    );
    times.push(performance.now() - begin);
    if (outcome.kind !== 'done' || outcome.isError)
      throw new Error(`the call failed: ${JSON.stringify(outcome)}`);
  }
  return times;
}

function calling(gateway: Gateway, bare: EchoServer): Contest {
  const { call } = METRICS;
  const reading = (by: string, values: readonly number[]) => [
    { metric: call.name, by, values: [summaryOf(values).median] },
  ];
  return {
    title: call.name,
    metrics: [call],
    share: 2,
    isRestless: true,
    ours: { names: [OURS], sample: async () => reading(OURS, await callsThrough(gateway)) },
    peers: [{ names: [BARE], sample: async () => reading(BARE, await bare.call(CALLS_EACH)) }],
  };
}

/** The calls of both, and the difference of each round. */
async function compareCalls(home: string, play: Play): Promise<readonly Measurement[]> {
  const station = await openStation(home, { name: 'echo', args: [SERVER] });
  const bare = await startOverStdio({ file: SERVER, home });
  try {
    const measured = await compete(calling(station.gateway, bare), play);
    const added = measured.map(({ ours, peers }) => {
      const series = peers[0]?.series;
      const times = Array.isArray(series) ? series : [];
      return {
        metric: METRICS.added,
        ours: ours.map((value, at) => value - (times[at] ?? Number.NaN)),
        peers: [],
      };
    });
    return [...measured, ...added];
  } finally {
    await Promise.all([station.close(), bare.close()]);
  }
}

const starting = (home: string): Contest => ({
  title: METRICS.start.name,
  metrics: [METRICS.start, METRICS.memory],
  share: 1,
  ours: {
    names: [OURS],
    sample: async () => {
      const { ms, memory } = await startHost(home, ['none']);
      return [
        { metric: METRICS.start.name, by: OURS, values: [ms] },
        { metric: METRICS.memory.name, by: OURS, values: [memory] },
      ];
    },
  },
  peers: [],
});

const startingServers = (home: string): Contest => ({
  title: METRICS.startWithServers.name,
  metrics: [METRICS.startWithServers],
  share: 0.5,
  ours: {
    names: [OURS],
    sample: async () => {
      const { ms } = await startHost(home, ['workspace', 'chrome']);
      return [{ metric: METRICS.startWithServers.name, by: OURS, values: [ms] }];
    },
  },
  peers: [],
});

/** What the host adds to a bare client, how it starts, and how soon all of it stops. */
export async function benchHost(play: Play): Promise<readonly Measurement[]> {
  const home = await mkdtemp(join(tmpdir(), 'deskhand-bench-host-'));
  try {
    const calls = await compareCalls(home, play);
    const starts = await compete(starting(home), play);
    const servers = await compete(startingServers(home), play);
    return [...calls, ...starts, ...servers, ...(await stopping(home, play))];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
