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
  abort: { name: 'from an abort to the end of a command in the sandbox', unit: 'ms', target: 100, ...lower },
  interrupt: { name: 'the same from Ctrl-C at the host', unit: 'ms', target: 100, ...lower },
  restart: {
    name: 'from kill -9 of the workspace server to the answer of the next call',
    unit: 'ms',
    target: 1500,
    ...lower,
  },
  memory: { name: 'memory of the host at its first request', unit: 'MB', target: null, ...lower },
} as const satisfies Readonly<Record<string, Metric>>;
