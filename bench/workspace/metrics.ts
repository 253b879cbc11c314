import type { Metric } from '../measurement.ts';

export const FILESYSTEM = '@modelcontextprotocol/server-filesystem';
export const COMMANDER = '@wonderwhy-er/desktop-commander';

const lower = { better: 'lower', target: null } as const;
const ms = { unit: 'ms', ...lower } as const;
const kB = { unit: 'kB', ...lower } as const;

/** What this has to be ahead of: the quicker peer of the two, in almost every row. */
const half = { peer: FILESYSTEM, times: Number((1 / 0.6).toFixed(2)) } as const;

export const METRICS = {
  start: { ...ms, name: 'start of the workspace server, to the answer of initialize' },
  tools: { ...kB, name: 'answer of tools/list of the workspace server', target: 10 },
  first: { ...ms, name: 'first call: a small file read' },
  memory: { unit: 'MB', ...lower, name: 'memory of the workspace server after that' },
  shares: { unit: 'MB', ...lower, name: 'the same, with shared pages parted (PSS)' },
  small: { ...ms, name: 'a file of 1 kB read' },
  read: { ...ms, name: 'a file of 1 MB read, in one call' },
  readSize: { ...kB, name: 'size of what is read' },
  write: { ...ms, name: 'a file of 1 MB written' },
  edit: { ...ms, name: 'words edited in a file of 1 MB', demand: half },
  glob: { ...ms, name: 'files found by name among 50,000' },
  grep: { ...ms, name: 'files found by a word among 50,000' },
  nothing: { ...ms, name: 'the command true', target: 3 },
  output: { ...ms, name: 'a command that prints 10 MB' },
  outputSize: { ...kB, name: 'size of what comes of it', target: 30 },
  used: { unit: 'MB', ...lower, name: 'memory of the workspace server after all that' },
} as const satisfies Readonly<Record<string, Metric>>;
