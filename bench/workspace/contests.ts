import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryOf, sharesOf } from '../chrome/memory.ts';
import type { Contender, Contest, Reading } from '../contest.ts';
import { isMissing, type Metric, type Missing } from '../measurement.ts';
import { METRICS } from './metrics.ts';
import type { Seat } from './seat.ts';
import { LINE, NAMES, WORDED, type Tree } from './tree.ts';

/** One that takes part: with a server that stays, and one that starts new ones. */
export interface Player {
  readonly name: string;
  readonly seat: Seat;
  start(): Promise<Seat>;
}

export type Absent = Missing & { readonly name: string };

export interface Players {
  readonly ours: Player;
  readonly peers: readonly (Player | Absent)[];
}

type Values = readonly (readonly [Metric, number])[];

interface Plan {
  readonly metrics: readonly [Metric, ...Metric[]];
  readonly share: number;
  readonly work: (player: Player) => Promise<Values>;
  /** Why one cannot play, of those that otherwise could. */
  readonly lacks?: (player: Player) => string | null;
}

const SMALL = LINE.repeat(15);
/** A megabyte of lines, one of which is only there once. */
const MARK = 'the only line of its kind';
const HALF = LINE.repeat(7_500);

const kB = (bytes: number): number => bytes / 1_000;

function requireAll(names: readonly string[], text: string): void {
  const missing = names.filter((name) => !text.includes(name));
  if (missing.length > 0) {
    throw new Error(`${missing.length} of ${names.length} were not found in: ${text.slice(0, 400)}`);
  }
}

const starting = (tree: Tree): Plan => ({
  metrics: [METRICS.start, METRICS.tools, METRICS.first, METRICS.memory, METRICS.shares],
  share: 0.5,
  work: async (player) => {
    writeFileSync(join(tree.work, 'small.txt'), SMALL);
    const seat = await player.start();
    try {
      const { ms } = await seat.tongue.read(seat.server, `${seat.work}/small.txt`);
      return [
        [METRICS.start, seat.server.startMs],
        [METRICS.tools, kB(seat.server.toolBytes)],
        [METRICS.first, ms],
        [METRICS.memory, await memoryOf(seat.server.pid)],
        [METRICS.shares, await sharesOf(seat.server.pid)],
      ];
    } finally {
      await seat.close();
    }
  },
});

const reading = (tree: Tree): Plan => ({
  metrics: [METRICS.small, METRICS.read, METRICS.readSize],
  share: 1,
  work: async ({ seat }) => {
    writeFileSync(join(tree.work, 'small.txt'), SMALL);
    writeFileSync(join(tree.work, 'read.txt'), HALF + HALF);
    const small = await seat.tongue.read(seat.server, `${seat.work}/small.txt`);
    const large = await seat.tongue.read(seat.server, `${seat.work}/read.txt`);
    requireAll([LINE.trim()], small.text);
    return [
      [METRICS.small, small.ms],
      [METRICS.read, large.ms],
      [METRICS.readSize, kB(large.bytes)],
    ];
  },
});

/** A file that is new each time, since what is there is replaced only when it was read. */
const writing = (tree: Tree): Plan => ({
  metrics: [METRICS.write],
  share: 1,
  work: async ({ seat, name }) => {
    const file = `${name.replaceAll(/\W/gu, '-')}-${Math.round(performance.now())}.txt`;
    const content = HALF + HALF;
    const { ms } = await seat.tongue.write(seat.server, `${seat.work}/${file}`, content);
    if (readFileSync(join(tree.work, file), 'utf8') !== content) throw new Error('it was not written');
    return [[METRICS.write, ms]];
  },
});

const editing = (tree: Tree): Plan => ({
  metrics: [METRICS.edit],
  share: 1,
  work: async ({ seat, name }) => {
    const file = `${name.replaceAll(/\W/gu, '-')}-edit.txt`;
    const at = join(tree.work, file);
    // what no server has kept before
    const start = `${randomUUID()}\n${HALF}`;
    writeFileSync(at, `${start}${MARK}\n${HALF}`);
    const to = `another line, of ${Math.round(performance.now())}`;
    const { ms } = await seat.tongue.edit(seat.server, `${seat.work}/${file}`, { from: MARK, to });
    if (readFileSync(at, 'utf8') !== `${start}${to}\n${HALF}`) throw new Error('it was not edited');
    return [[METRICS.edit, ms]];
  },
});

const globbing: Plan = {
  metrics: [METRICS.glob],
  share: 0.5,
  work: async ({ seat }) => {
    const { ms, text } = await seat.tongue.glob(seat.server, seat.many);
    requireAll(NAMES, text);
    return [[METRICS.glob, ms]];
  },
};

const grepping: Plan = {
  metrics: [METRICS.grep],
  share: 0.5,
  lacks: ({ seat }) => (seat.tongue.grep === null ? 'has no such tool' : null),
  work: async ({ seat }) => {
    const said = await seat.tongue.grep?.(seat.server, seat.many);
    requireAll(WORDED, said?.text ?? '');
    return [[METRICS.grep, said?.ms ?? Number.NaN]];
  },
};

const lacksBash = ({ seat }: Player): string | null =>
  seat.tongue.bash === null ? 'has no such tool' : null;

const doingNothing: Plan = {
  metrics: [METRICS.nothing],
  share: 1,
  lacks: lacksBash,
  work: async ({ seat }) => {
    const said = await seat.tongue.bash?.(seat.server, 'true');
    return [[METRICS.nothing, said?.ms ?? Number.NaN]];
  },
};

/** Its last words come after all others, so that an answer without them has not waited for its end. */
const printing: Plan = {
  metrics: [METRICS.output, METRICS.outputSize],
  share: 0.5,
  lacks: lacksBash,
  work: async ({ seat }) => {
    const lines = 10_000_000 / LINE.length;
    const command = `yes '${LINE.trim()}' | head -n ${Math.ceil(lines)}; echo the-$((1))-last`;
    const said = await seat.tongue.bash?.(seat.server, command);
    requireAll(['the-1-last'], said?.text ?? '');
    return [
      [METRICS.output, said?.ms ?? Number.NaN],
      [METRICS.outputSize, kB(said?.bytes ?? Number.NaN)],
    ];
  },
};

const remembering: Plan = {
  metrics: [METRICS.used],
  share: 0.25,
  work: async ({ seat }) => [[METRICS.used, await memoryOf(seat.server.pid)]],
};

function contenderOf(player: Player | Absent, plan: Plan): Contender {
  const names = [player.name];
  const absence = isMissing(player) ? player.missing : plan.lacks?.(player);
  if (isMissing(player) || typeof absence === 'string') {
    return { names, absence: absence ?? '', sample: () => Promise.resolve([]) };
  }
  const readingOf = ([metric, value]: readonly [Metric, number]): Reading => ({
    ...{ metric: metric.name, by: player.name, values: [value] },
  });
  return { names, sample: async () => (await plan.work(player)).map(readingOf) };
}

const contestOf = ({ ours, peers }: Players, plan: Plan): Contest => ({
  title: plan.metrics[0].name,
  metrics: plan.metrics,
  share: plan.share,
  isRestless: true,
  ours: contenderOf(ours, plan),
  peers: peers.map((peer) => contenderOf(peer, plan)),
});

export const contestsOf = (players: Players, tree: Tree): readonly Contest[] =>
  [
    starting(tree),
    reading(tree),
    writing(tree),
    editing(tree),
    globbing,
    grepping,
    doingNothing,
    printing,
    remembering,
  ].map((plan) => contestOf(players, plan));
