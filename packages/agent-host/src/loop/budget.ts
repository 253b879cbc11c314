import type { PriceList } from '@deskhand/model';
import type { State } from '../log/state.ts';
import type { DayRoom } from '../store/day-spending.ts';

/** How many tokens an answer may have; less where money is short. */
const ANSWERS = [16_000, 8_000, 4_000, 2_000] as const;
/** What is sent is counted about, so that more is reserved. */
const CAUTION = 1.25;
const NANODOLLARS = 1e9;

export interface Reservation {
  /** Nanodollars. */
  readonly most: number;
  /** Tokens. */
  readonly maxTokens: number;
}

/** What a session cost so far in nanodollars, with all that may have been charged. */
export function spentOf({ spent, asked }: State, prices: PriceList): number {
  const settled = spent.turns.map(({ at, model, usage }) => prices.cost(usage, { model, at: new Date(at) }));
  return settled.reduce<number>((sum, one) => sum + (one ?? 0), spent.unsettled + (asked?.most ?? 0));
}

interface BudgetQuery {
  readonly prices: PriceList;
  readonly at: Date;
  /** Of all sessions together; null without a limit. */
  readonly day: DayRoom | null;
  /** Of another request than the next one of the session. */
  readonly demand?: Demand;
}

/** Tokens of a request, and of its answer at most. */
export interface Demand {
  readonly prompt: number;
  readonly answer: number;
}

/**
 * Room for one more answer, or why there is none.
 *
 * Without a limit of money nothing is ever refused; with one everything is, where the model has no price.
 */
export function reserve(state: State, { prices, at, day, demand }: BudgetQuery): Reservation | string {
  const { limits, model, head } = state;
  const size = demand?.prompt ?? state.size;
  const fit = ANSWERS.filter((tokens) => tokens <= head.window / 4);
  const own = fit.length > 0 ? fit : [Math.floor(head.window / 4)];
  const answers = demand === undefined ? own : [demand.answer];
  const most = (answer: number): number | null =>
    prices.most({ prompt: Math.ceil(size * CAUTION), answer }, { model, at });
  const [largest = 1] = answers;
  const rooms = [...(limits.usd === null ? [] : [sessionRoom(state, limits.usd, prices)]), ...dayRooms(day)];
  const [tightest] = rooms.toSorted((a, b) => a.left - b.left);
  if (tightest === undefined) return { most: most(largest) ?? 0, maxTokens: largest };
  for (const maxTokens of answers) {
    const cost = most(maxTokens);
    if (cost === null) return `There is no price of ${model}, so that a limit of money cannot be kept.`;
    if (cost <= tightest.left) return { most: cost, maxTokens };
  }
  return `The limit of ${tightest.name} leaves no room for another answer: $${dollars(Math.max(0, tightest.left))} is left.${tightest.advice}`;
}

interface Room {
  readonly name: string;
  readonly left: number;
  readonly advice: string;
}

const sessionRoom = (state: State, usd: number, prices: PriceList): Room => ({
  name: `$${usd}`,
  left: usd * NANODOLLARS - spentOf(state, prices),
  advice: '',
});

const dayRooms = (day: DayRoom | null): readonly Room[] =>
  day === null
    ? []
    : [
        {
          name: `$${day.usd} a day, for all sessions,`,
          left: day.left,
          advice: ' The next day begins at 00:00 UTC; for another limit: deskhand budget USD.',
        },
      ];

export const dollars = (nanodollars: number): string => (nanodollars / NANODOLLARS).toFixed(4);
