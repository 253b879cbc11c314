import { setTimeout as delay } from 'node:timers/promises';
import { isMissing, reasonOf, type Measurement, type Metric, type Missing } from './measurement.ts';

/** Applications handle what the last contender did before the next one starts. */
const SETTLE_MS = 60;
/** So long does a contender play before it counts, at least once. */
const WARM_UP_MS = 2000;
/** A slow contender plays once in so many rounds, and does not warm up. */
const SLOW_EVERY = 20;
const TRIES = 3;

/** Values of one metric, under the name of whom they belong to. */
export interface Reading {
  readonly metric: string;
  readonly by: string;
  readonly values: readonly number[];
}

export interface Contender {
  /** Under which its readings stand. */
  readonly names: readonly string[];
  readonly isSlow?: boolean;
  /** Instead of the usual number, for what fails only after minutes. */
  readonly tries?: number;
  /** Why it cannot play at all. */
  readonly absence?: string;
  sample(): Promise<readonly Reading[]>;
}

/** Contenders that take turns; ours is named as in `OURS`. */
export interface Contest {
  readonly title: string;
  readonly metrics: readonly Metric[];
  readonly ours: Contender;
  readonly peers: readonly Contender[];
  /** Part of the rounds asked for that it plays. */
  readonly share: number;
  /** Runs before each sample, outside its time. */
  readonly prepare?: () => Promise<void>;
  /** Nothing on a screen has to come to rest between two samples. */
  readonly isRestless?: boolean;
}

export const OURS = 'deskhand';

export interface Play {
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

class Scores {
  readonly #readings: Reading[] = [];
  readonly #failed = new Map<string, string>();

  add(readings: readonly Reading[]): void {
    this.#readings.push(...readings);
  }

  fail(contender: Contender, reason: string): void {
    for (const name of contender.names) this.#failed.set(name, reason);
  }

  hasFailed({ names }: Contender): boolean {
    return names.some((name) => this.#failed.has(name));
  }

  valuesOf(metric: Metric, by: string): readonly number[] {
    return this.#readings
      .filter((reading) => reading.metric === metric.name && reading.by === by)
      .flatMap((reading) => reading.values);
  }

  measurementOf(metric: Metric, peers: readonly string[]): Measurement {
    const series = peers.map((name): { name: string; series: readonly number[] | Missing } => {
      const reason = this.#failed.get(name);
      return { name, series: reason === undefined ? this.valuesOf(metric, name) : { missing: reason } };
    });
    return {
      metric,
      ours: this.valuesOf(metric, OURS),
      peers: series.filter((peer) => isMissing(peer.series) || peer.series.length > 0),
    };
  }
}

interface Game extends Play {
  readonly scores: Scores;
}

/** A busy machine can make anything fail once. A peer that fails each time is left out; ours ends the benchmark. */
async function turn(
  contender: Contender,
  contest: Contest,
  { scores, say, signal }: Game,
): Promise<readonly Reading[]> {
  if (scores.hasFailed(contender)) return [];
  if (contender.absence !== undefined) {
    scores.fail(contender, contender.absence);
    return [];
  }
  let failure: unknown;
  for (let attempt = 0; attempt < (contender.tries ?? TRIES); attempt++) {
    await contest.prepare?.();
    if (contest.isRestless !== true) await delay(SETTLE_MS);
    try {
      return await contender.sample();
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
      say(`${contest.title}: ${contender.names[0] ?? ''} failed: ${reasonOf(error)}`);
    }
  }
  if (contender === contest.ours) throw failure;
  scores.fail(contender, reasonOf(failure));
  return [];
}

async function warmUp(contender: Contender, contest: Contest, game: Game): Promise<void> {
  const end = performance.now() + WARM_UP_MS;
  do {
    game.signal.throwIfAborted();
    await turn(contender, contest, game);
  } while (performance.now() < end && !game.scores.hasFailed(contender));
}

const playsIn = (round: number, { isSlow = false }: Contender): boolean =>
  !isSlow || round % SLOW_EVERY === 0;

/** Measures all contenders in one run, each round in another order, so that what the machine does hits all of them. */
export async function compete(contest: Contest, play: Play): Promise<readonly Measurement[]> {
  const { ours, peers, metrics, share, title } = contest;
  const { rounds, signal, say } = play;
  const contenders = [ours, ...peers];
  const scores = new Scores();
  const game: Game = { ...play, scores };
  const count = Math.max(1, Math.ceil(rounds * share));
  say(`${title}: ${count} rounds`);
  for (const contender of contenders.filter(({ isSlow }) => !isSlow)) {
    await warmUp(contender, contest, game);
  }
  for (let round = 0; round < count; round++) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      signal.throwIfAborted();
      if (playsIn(round, contender)) scores.add(await turn(contender, contest, game));
    }
  }
  const names = peers.flatMap((peer) => peer.names);
  return metrics.map((metric) => scores.measurementOf(metric, names));
}
