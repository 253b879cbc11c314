import type { Metric } from '../measurement.ts';

const PEERS = { devtools: 'chrome-devtools-mcp', playwright: '@playwright/mcp' } as const;

const lower = { better: 'lower', target: null } as const;

const ms = { unit: 'ms', ...lower } as const;
const kB = { unit: 'kB', ...lower } as const;
const MB = { unit: 'MB', ...lower } as const;

export const METRICS = {
  start: { ...ms, name: 'start, to the answer of initialize', target: 250 },
  tools: { ...kB, name: 'answer of tools/list', target: 8.192 },
  memory: { ...MB, name: 'resident memory of the server, a page open', target: 90 },
  navigate: { ...ms, name: 'navigate to the form' },
  form: { ...ms, name: 'snapshot of a form of 53 fields', target: 25 },
  formSize: { ...kB, name: 'size of that' },
  table: { ...ms, name: 'snapshot of a table of 1,000 rows', target: 120 },
  tableSize: { ...kB, name: 'size of that table', target: 20 },
  big: { ...ms, name: 'snapshot of a page of 5 MB', target: 200 },
  bigSize: { ...kB, name: 'size of that page', target: 20 },
  click: { ...ms, name: 'click, settled', target: 60 },
  fill: { ...ms, name: '10 fields filled in one call', target: 60 },
  evaluate: { ...ms, name: 'evaluate document.title', target: 5 },
  flow: { ...ms, name: 'navigate, snapshot, fill 10, click, snapshot' },
  flowSize: {
    ...kB,
    name: 'size of all answers of that',
    demand: { peer: PEERS.devtools, times: 2.5 },
  },
  growth: { ...MB, name: 'memory grown by 200 snapshots and scripts' },
  longGrowth: { ...MB, name: 'memory grown by 5,000 calls' },
} as const satisfies Readonly<Record<string, Metric>>;
