import { setTimeout as delay } from 'node:timers/promises';
import { OURS, type Contender, type Contest } from '../contest.ts';
import { isMissing, type Metric, type Missing } from '../measurement.ts';
import type { Action, DesktopServer, Point } from './desktop-server.ts';
import { METRICS, PEERS } from './metrics.ts';
import type { Station } from './station.ts';
import type { Command } from './station/protocol.ts';

export interface Contestants {
  readonly ours: {
    readonly station: Station;
    readonly server: DesktopServer;
    start(): Promise<DesktopServer>;
  };
  readonly libraries: Station | Missing;
  readonly driver: Station | Missing;
  readonly theirs: { readonly server: DesktopServer; start(): Promise<DesktopServer> } | Missing;
  /** A place in the text of the editor in front. */
  readonly at: Point;
  /** 100 characters that every keyboard has. */
  readonly text: string;
  /** Empties the editor. */
  readonly clear: () => Promise<void>;
}

const TIMES = 3;
/** Clicks and pictures before the memory of a server at work is read. */
const WORK = 10;
/** Before its memory is read, a server has nothing to do for so long. */
const IDLE_MS = 1000;
/** Their screenshot begins by waiting for so long, "to let things load". */
const THEIR_WAIT_MS = 1000;

type Sample = () => Promise<readonly number[]>;

const contender = (name: string, metric: Metric, sample: Sample): Contender => ({
  names: [name],
  sample: async () => [{ metric: metric.name, by: name, values: await sample() }],
});

/** One that cannot play: its place in the table says why. */
const absent = (names: readonly string[], { missing }: Missing): Contender => ({
  names,
  absence: missing,
  sample: () => Promise.resolve([]),
});

const ofStation = (name: string, metric: Metric, { station, command }: Order): Contender =>
  isMissing(station)
    ? absent([name], station)
    : contender(name, metric, () => station.measure(command, command.do === 'type' ? 1 : TIMES));

interface Order {
  readonly station: Station | Missing;
  readonly command: Command;
}

const theirCall = (
  metric: Metric,
  theirs: Contestants['theirs'],
  call: (server: DesktopServer) => Promise<number>,
): Contender =>
  isMissing(theirs)
    ? absent([PEERS.server], theirs)
    : contender(PEERS.server, metric, async () => [await call(theirs.server)]);

const inProcess = ({ ours, libraries: station, at }: Contestants): readonly Contest[] => {
  const { click, active } = METRICS;
  const command = { do: 'click', at, delays: 'default' } as const;
  const noDelay = { ...command, delays: 'none' } as const;
  const look = { do: 'active' } as const;
  return [
    {
      title: click.name,
      metrics: [click],
      share: 1,
      ours: ofStation(OURS, click, { station: ours.station, command }),
      peers: [
        ofStation(PEERS.library, click, { station, command }),
        ofStation(PEERS.libraryNoDelay, click, { station, command: noDelay }),
      ],
    },
    {
      title: active.name,
      metrics: [active],
      share: 1,
      ours: ofStation(OURS, active, { station: ours.station, command: look }),
      peers: [ofStation(PEERS.windows, active, { station, command: look })],
    },
  ];
};

const clicking = ({ ours, theirs, at }: Contestants): Contest => ({
  title: METRICS.clickOverMcp.name,
  metrics: [METRICS.clickOverMcp],
  share: 1,
  ours: contender(OURS, METRICS.clickOverMcp, async () => [await ours.server.click(at)]),
  peers: [theirCall(METRICS.clickOverMcp, theirs, (server) => server.click(at))],
});

const typing = ({ ours, libraries: station, text, clear }: Contestants): Contest => {
  const command = { do: 'type', text, delays: 'default' } as const;
  const noDelay = { ...command, delays: 'none' } as const;
  return {
    title: METRICS.type.name,
    metrics: [METRICS.type],
    share: 1,
    prepare: clear,
    ours: ofStation(OURS, METRICS.type, { station: ours.station, command }),
    peers: [
      { ...ofStation(PEERS.nut, METRICS.type, { station, command }), isSlow: true },
      ofStation(PEERS.nutNoDelay, METRICS.type, { station, command: noDelay }),
    ],
  };
};

const typingOverMcp = ({ ours, theirs, text, clear }: Contestants): Contest => {
  const { typeOverMcp } = METRICS;
  return {
    title: typeOverMcp.name,
    metrics: [typeOverMcp],
    share: 1,
    prepare: clear,
    ours: contender(OURS, typeOverMcp, async () => [await ours.server.type(text)]),
    peers: [theirCall(typeOverMcp, theirs, (server) => server.type(text))],
  };
};

const looking = (by: readonly string[], server: DesktopServer): Contender => ({
  names: by,
  sample: async () => {
    const { ms, kB } = await server.screenshot();
    const { screenshot, screenshotSize } = METRICS;
    const times = by.map((name) => ({
      metric: screenshot.name,
      by: name,
      values: [name === PEERS.serverNoWait ? ms - THEIR_WAIT_MS : ms],
    }));
    const sizes = by.slice(0, 1).map((name) => ({ metric: screenshotSize.name, by: name, values: [kB] }));
    return [...times, ...sizes];
  },
});

const seeing = ({ ours, theirs }: Contestants): Contest => {
  const names = [PEERS.server, PEERS.serverNoWait];
  return {
    title: METRICS.screenshot.name,
    metrics: [METRICS.screenshot, METRICS.screenshotSize],
    share: 0.5,
    ours: looking([OURS], ours.server),
    peers: [isMissing(theirs) ? absent(names, theirs) : looking(names, theirs.server)],
  };
};

/** One call for each action, and a picture after each, as agents do without a batch. */
async function oneByOne(server: DesktopServer, actions: readonly Action[]): Promise<number> {
  let ms = 0;
  for (const action of actions) {
    ms += 'click' in action ? await server.click(action.click) : await server.type(action.type);
    ms += (await server.screenshot()).ms;
  }
  return ms;
}

async function atOnce({ batch }: DesktopServer, actions: readonly Action[]): Promise<number> {
  if (batch === undefined) throw new Error('the server does nothing at once');
  return (await batch(actions)).ms;
}

const settling = ({ ours, theirs, at }: Contestants): Contest => {
  const { settled } = METRICS;
  const actions = [{ click: at }];
  return {
    title: settled.name,
    metrics: [settled],
    share: 0.5,
    ours: contender(OURS, settled, async () => [await atOnce(ours.server, actions)]),
    peers: [theirCall(settled, theirs, (server) => oneByOne(server, actions))],
  };
};

const errand = (contestants: Contestants): Contest => {
  const { ours, theirs, at, clear } = contestants;
  const actions: readonly Action[] = [
    { click: at },
    { type: 'One line\n' },
    { type: 'and another' },
    { click: at },
    { type: '.' },
  ];
  const doing = (name: string, pictures: number, work: () => Promise<number>): Contender => ({
    names: [name],
    sample: async () => [
      { metric: METRICS.errand.name, by: name, values: [await work()] },
      { metric: METRICS.errandPictures.name, by: name, values: [pictures] },
    ],
  });
  const single = (name: string, server: DesktopServer): Contender =>
    doing(name, actions.length, () => oneByOne(server, actions));
  return {
    title: METRICS.errand.name,
    metrics: [METRICS.errand, METRICS.errandPictures],
    share: 0.25,
    prepare: clear,
    ours: doing(OURS, 1, () => atOnce(ours.server, actions)),
    peers: [
      single(PEERS.ourSingleCalls, ours.server),
      isMissing(theirs) ? absent([PEERS.server], theirs) : single(PEERS.server, theirs.server),
    ],
  };
};

const reading = ({ ours, driver: station }: Contestants): Contest => {
  const { tree } = METRICS;
  return {
    title: tree.name,
    metrics: [tree],
    share: 1,
    ours: contender(OURS, tree, async () => {
      if (ours.server.tree === undefined) throw new Error('the server reads no tree');
      return [await ours.server.tree()];
    }),
    peers: [ofStation(PEERS.driver, tree, { station, command: { do: 'tree' } })],
  };
};

const starter = (name: string, start: () => Promise<DesktopServer>): Contender => ({
  names: [name],
  sample: async () => {
    const server = await start();
    try {
      await delay(IDLE_MS);
      return [
        { metric: METRICS.start.name, by: name, values: [server.startMs] },
        { metric: METRICS.memory.name, by: name, values: [await server.memory()] },
      ];
    } finally {
      await server.close();
    }
  },
});

const worker = (name: string, server: DesktopServer, at: Point): Contender => ({
  names: [name],
  sample: async () => {
    await oneByOne(server, Array<Action>(WORK).fill({ click: at }));
    return [{ metric: METRICS.busyMemory.name, by: name, values: [await server.memory()] }];
  },
});

const working = ({ ours, theirs, at }: Contestants): Contest => ({
  title: METRICS.busyMemory.name,
  metrics: [METRICS.busyMemory],
  share: 0.15,
  ours: worker(OURS, ours.server, at),
  peers: [isMissing(theirs) ? absent([PEERS.server], theirs) : worker(PEERS.server, theirs.server, at)],
});

const starting = ({ ours, theirs }: Contestants): Contest => ({
  title: METRICS.start.name,
  metrics: [METRICS.start, METRICS.memory],
  share: 0.5,
  ours: starter(OURS, () => ours.start()),
  peers: [isMissing(theirs) ? absent([PEERS.server], theirs) : starter(PEERS.server, () => theirs.start())],
});

export const contestsOf = (contestants: Contestants): readonly Contest[] => [
  ...inProcess(contestants),
  clicking(contestants),
  seeing(contestants),
  settling(contestants),
  reading(contestants),
  starting(contestants),
  working(contestants),
  errand(contestants),
  typing(contestants),
  typingOverMcp(contestants), // the last three empty the editor
];
