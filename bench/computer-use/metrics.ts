import type { Metric } from '../measurement.ts';

export const PEERS = {
  library: 'get-windows + nut-js',
  libraryNoDelay: 'get-windows + nut-js, delays 0',
  windows: 'get-windows',
  nut: 'nut-js',
  nutNoDelay: 'nut-js, delays 0',
  server: 'computer-use-mcp (npm)',
  serverNoWait: 'computer-use-mcp (npm), less its wait of 1 s',
  ourSingleCalls: 'deskhand, one call each',
  driver: '@trycua/cua-driver',
} as const;

const lower = { better: 'lower' } as const;

export const METRICS = {
  click: {
    name: 'gate and click, in process',
    unit: 'ms',
    target: 2,
    demand: { peer: PEERS.library, times: 15 },
    ...lower,
  },
  clickOverMcp: { name: 'left_click over MCP', unit: 'ms', target: null, ...lower },
  active: { name: 'active app, in process', unit: 'ms', target: 0.5, ...lower },
  type: { name: 'type 100 characters, in process', unit: 'ms', target: 50, ...lower },
  typeOverMcp: { name: 'type 100 characters over MCP', unit: 'ms', target: null, ...lower },
  screenshot: {
    name: 'screenshot of 1920 x 1080 over MCP',
    unit: 'ms',
    target: 80,
    demand: { peer: PEERS.server, times: 8 },
    ...lower,
  },
  screenshotSize: { name: 'size of that picture', unit: 'kB', target: null, ...lower },
  settled: { name: 'click to the settled picture over MCP', unit: 'ms', target: null, ...lower },
  errand: { name: 'five actions and what they did, over MCP', unit: 'ms', target: null, ...lower },
  errandPictures: { name: 'pictures of that', unit: 'count', target: null, ...lower },
  tree: { name: 'accessibility tree of the editor', unit: 'ms', target: null, ...lower },
  start: { name: 'server start, to initialize and tools/list', unit: 'ms', target: null, ...lower },
  stop: { name: 'Escape of the person to the last key of a typing call', unit: 'ms', target: 50, ...lower },
  stopAnswer: { name: 'Escape of the person to the answer of that call', unit: 'ms', target: null, ...lower },
  memory: { name: 'resident memory after a screenshot', unit: 'MB', target: null, ...lower },
  busyMemory: { name: 'resident memory after ten clicks and pictures', unit: 'MB', target: null, ...lower },
} as const satisfies Readonly<Record<string, Metric>>;
