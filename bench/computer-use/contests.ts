import { setTimeout as delay } from 'node:timers/promises';
import { OURS, type Contender, type Contest } from '../contest.ts';
import { isMissing, type Metric, type Missing } from '../measurement.ts';
import type { DesktopServer, Point } from './desktop-server.ts';
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
  readonly theirs: { readonly server: DesktopServer; start(): Promise<DesktopServer> } | Missing;
  /** A place in the text of the editor in front. */
  readonly at: Point;
  /** 100 characters that every keyboard has. */
  readonly text: string;
  /** Empties the editor. */
  readonly clear: () => Promise<void>;
}

const TIMES = 3;
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

const typing = ({ ours, theirs, libraries: station, text, clear }: Contestants): Contest => {
  const command = { do: 'type', text, delays: 'default' } as const;
  const noDelay = { ...command, delays: 'none' } as const;
  return {
    title: METRICS.type.name,
    metrics: [METRICS.type],
    share: 1,
    prepare: clear,
    ours: contender(OURS, METRICS.type, async () => [await ours.server.type(text)]),
    peers: [
      theirCall(METRICS.type, theirs, (server) => server.type(text)),
      { ...ofStation(PEERS.nut, METRICS.type, { station, command }), isSlow: true },
      ofStation(PEERS.nutNoDelay, METRICS.type, { station, command: noDelay }),
    ],
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
  starting(contestants),
  typing(contestants), // last: it empties the editor
];
