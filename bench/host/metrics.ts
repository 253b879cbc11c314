import type { Metric } from '../measurement.ts';

export const BARE = 'bare SDK client';

const lower = { better: 'lower' } as const;

export const METRICS = {
  call: { name: 'call of a tool over stdio', unit: 'ms', target: null, ...lower },
  added: { name: 'added to a call by the gateway', unit: 'ms', target: 1, ...lower },
  start: { name: 'start of the host, to its first request', unit: 'ms', target: 500, ...lower },
  startWithServers: {
    name: 'the same with the workspace and the browser',
    unit: 'ms',
    target: null,
    ...lower,
  },
  memory: { name: 'memory of the host at its first request', unit: 'MB', target: null, ...lower },
} as const satisfies Readonly<Record<string, Metric>>;
