import type { Metric } from '../measurement.ts';

export const BARE = 'bare SDK server';

const lower = { better: 'lower' } as const;

/** What our pipeline adds to a call: the median of the differences of each round. */
interface AddedMetric {
  readonly call: Metric;
  readonly added: Metric;
}

export const CALLS = {
  stdio: {
    call: { name: 'call over stdio', unit: 'ms', target: null, ...lower },
    added: { name: 'added to a call over stdio', unit: 'ms', target: 0.3, ...lower },
  },
  http: {
    call: { name: 'call over HTTP', unit: 'ms', target: null, ...lower },
    added: { name: 'added to a call over HTTP', unit: 'ms', target: 1, ...lower },
  },
} as const satisfies Readonly<Record<string, AddedMetric>>;

export const METRICS = {
  start: {
    name: 'start, to the answer of initialize',
    unit: 'ms',
    target: null,
    demand: { peer: BARE, times: Number((1 / 1.2).toFixed(2)) },
    ...lower,
  },
  restart: { name: 'answer after kill -9 under load', unit: 'ms', target: 1500, ...lower },
  append: { name: 'append to the ledger', unit: 'us', target: 60, ...lower },
} as const satisfies Readonly<Record<string, Metric>>;
