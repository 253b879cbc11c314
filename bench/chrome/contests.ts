import { setTimeout as delay } from 'node:timers/promises';
import type { Field, Said } from '@deskhand/tests/browser/driver';
import { OURS, type Contender, type Contest, type Reading } from '../contest.ts';
import { isMissing, type Metric, type Missing } from '../measurement.ts';
import { memoryOf } from './memory.ts';
import { METRICS } from './metrics.ts';
import { FIELDS } from './pages.ts';
import type { Seat } from './seat.ts';

/** One that takes part: with a server that stays, and one that starts new ones. */
export interface Player {
  readonly name: string;
  readonly seat: Seat;
  start(): Promise<Seat>;
}

export interface Players {
  readonly ours: Player;
  readonly peers: readonly (Player | (Missing & { readonly name: string }))[];
}

type Work = (seat: Seat, player: Player) => Promise<readonly (readonly [Metric, number])[]>;

interface Plan {
  readonly metrics: readonly [Metric, ...Metric[]];
  readonly share: number;
  readonly work: Work;
  /** Whose takes so long that it is done once. */
  readonly slow?: 'all' | 'peers';
}

const TIMES = 3;
/** Before its memory is read, a server has nothing to do for so long. */
const IDLE_MS = 1_000;
const CALLS = 200;
const MANY_CALLS = 5_000;
const WARM_UP_CALLS = 1_000;

const kB = (bytes: number): number => bytes / 1_000;

const contenderOf = (player: Player | (Missing & { readonly name: string }), plan: Plan): Contender => {
  const names = [player.name];
  if (isMissing(player)) return { names, absence: player.missing, sample: () => Promise.resolve([]) };
  const isSlow = plan.slow === 'all' || (plan.slow === 'peers' && player.name !== OURS);
  return {
    ...{ names, isSlow, ...(isSlow && { tries: 1 }) },
    sample: async () =>
      (await plan.work(player.seat, player)).map(([metric, value]): Reading => ({
        metric: metric.name,
        by: player.name,
        values: [value],
      })),
  };
};

const contestOf = ({ ours, peers }: Players, plan: Plan): Contest => ({
  title: plan.metrics[0].name,
  metrics: plan.metrics,
  share: plan.share,
  isRestless: true,
  ours: contenderOf(ours, plan),
  peers: peers.map((peer) => contenderOf(peer, plan)),
});

const sized = (time: Metric, size: Metric, { ms, bytes }: Said): readonly (readonly [Metric, number])[] => [
  [time, ms],
  [size, kB(bytes)],
];

async function withNew<T>(player: Player, work: (seat: Seat) => Promise<T>): Promise<T> {
  const seat = await player.start();
  try {
    return await work(seat);
  } finally {
    await seat.driver.close();
  }
}

const starting: Plan = {
  metrics: [METRICS.start, METRICS.tools, METRICS.memory],
  share: 0.5,
  work: (_, player) =>
    withNew(player, async (seat) => {
      await seat.open('clicks');
      await delay(IDLE_MS);
      const { startMs, toolBytes, pid } = seat.driver;
      return [
        [METRICS.start, startMs],
        [METRICS.tools, kB(toolBytes)],
        [METRICS.memory, await memoryOf(pid)],
      ];
    }),
};

const seeingForm: Plan = {
  metrics: [METRICS.navigate, METRICS.form, METRICS.formSize],
  share: 1,
  work: async (seat) => {
    const { ms } = await seat.open('form');
    return [[METRICS.navigate, ms], ...sized(METRICS.form, METRICS.formSize, await seat.look())];
  },
};

const seeingTable: Plan = {
  metrics: [METRICS.table, METRICS.tableSize],
  share: 0.5,
  work: async (seat) => {
    await seat.at('table');
    return sized(METRICS.table, METRICS.tableSize, await seat.look());
  },
};

const seeingBig: Plan = {
  metrics: [METRICS.big, METRICS.bigSize],
  share: 0.25,
  slow: 'peers',
  work: (_, player) =>
    withNew(player, async (seat) => {
      await seat.open('big');
      // answers when the page is through with itself
      await seat.act({ do: 'evaluate', script: 'document.title' });
      return sized(METRICS.big, METRICS.bigSize, await seat.look());
    }),
};

const clicking: Plan = {
  metrics: [METRICS.click],
  share: 1,
  work: async (seat) => {
    await seat.at('clicks');
    await seat.act({ do: 'evaluate', script: 'clicks = 0' });
    let total = 0;
    for (let time = 0; time < TIMES; time++) {
      total += (await seat.act({ do: 'click', ref: seat.find('button', 'Count').ref })).ms;
    }
    await seat.requireTrue(`clicks === ${TIMES}`);
    return [[METRICS.click, total / TIMES]];
  },
};

const fieldsOf = (seat: Seat, value: string): readonly Field[] =>
  Array.from({ length: FIELDS }, (_, index) => {
    const name = `Field ${index + 1}`;
    return { ...seat.find('textbox', name), value: `${value} ${index + 1}` };
  });

const filling: Plan = {
  metrics: [METRICS.fill],
  share: 1,
  work: async (seat) => {
    await seat.at('form');
    const value = `value of ${Math.round(performance.now())}`;
    const { ms } = await seat.act({ do: 'fill', fields: fieldsOf(seat, value) });
    await seat.requireTrue(`document.forms[0].f${FIELDS}.value === '${value} ${FIELDS}'`);
    return [[METRICS.fill, ms]];
  },
};

const evaluating: Plan = {
  metrics: [METRICS.evaluate],
  share: 1,
  work: async (seat) => {
    await seat.at('clicks');
    let total = 0;
    for (let time = 0; time < TIMES; time++) {
      total += (await seat.act({ do: 'evaluate', script: 'document.title' })).ms;
    }
    return [[METRICS.evaluate, total / TIMES]];
  },
};

const flowing: Plan = {
  metrics: [METRICS.flow, METRICS.flowSize],
  share: 0.5,
  work: async (seat) => {
    const said = [await seat.open('form'), await seat.look()];
    said.push(await seat.act({ do: 'fill', fields: fieldsOf(seat, 'flow') }));
    said.push(await seat.act({ do: 'click', ref: seat.find('button', 'Send').ref }), await seat.look());
    await seat.requireTrue(`document.body.innerText.includes('flow ${FIELDS}')`);
    const sum = (of: (one: Said) => number): number => said.reduce((all, one) => all + of(one), 0);
    return [
      [METRICS.flow, sum(({ ms }) => ms)],
      [METRICS.flowSize, kB(sum(({ bytes }) => bytes))],
    ];
  },
};

async function grownBy(seat: Seat, calls: number, warmUp = calls): Promise<number> {
  const work = async (count: number): Promise<void> => {
    for (let call = 0; call < count; call += 2) {
      await seat.look();
      await seat.act({ do: 'evaluate', script: 'document.title' });
    }
  };
  await seat.at('clicks');
  await work(warmUp);
  const before = await memoryOf(seat.driver.pid);
  await work(calls);
  await delay(IDLE_MS);
  return (await memoryOf(seat.driver.pid)) - before;
}

const growing: Plan = {
  metrics: [METRICS.growth],
  share: 0.01,
  slow: 'all',
  work: async (seat) => [[METRICS.growth, await grownBy(seat, CALLS)]],
};

const growingLong: Plan = {
  metrics: [METRICS.longGrowth],
  share: 0.01,
  slow: 'all',
  work: async (seat) => [[METRICS.longGrowth, await grownBy(seat, MANY_CALLS, WARM_UP_CALLS)]],
};

export const contestsOf = (players: Players): readonly Contest[] => [
  ...[starting, seeingForm, seeingTable, clicking, filling, evaluating, flowing].map((plan) =>
    contestOf(players, plan),
  ),
  contestOf(players, seeingBig),
  contestOf(players, growing),
  contestOf({ ours: players.ours, peers: [] }, growingLong),
];
