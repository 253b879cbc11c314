import type { PriceList } from '@deskhand/model';
import type { State } from '../log/state.ts';

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

/**
 * Room for one more answer, or why there is none.
 *
 * A session without a limit of money is never refused; one with a limit is, where the model has no price.
 */
export function reserve(state: State, prices: PriceList, at: Date): Reservation | string {
  const { limits, model, head, size } = state;
  const fit = ANSWERS.filter((tokens) => tokens <= head.window / 4);
  const answers = fit.length > 0 ? fit : [Math.floor(head.window / 4)];
  const most = (answer: number): number | null =>
    prices.most({ prompt: Math.ceil(size * CAUTION), answer }, { model, at });
  const [largest = 1] = answers;
  if (limits.usd === null) return { most: most(largest) ?? 0, maxTokens: largest };
  const left = limits.usd * NANODOLLARS - spentOf(state, prices);
  for (const maxTokens of answers) {
    const cost = most(maxTokens);
    if (cost === null) return `There is no price of ${model}, so that a limit of money cannot be kept.`;
    if (cost <= left) return { most: cost, maxTokens };
  }
  return `The limit of $${limits.usd} leaves no room for another answer: $${dollars(Math.max(0, left))} is left.`;
}

export const dollars = (nanodollars: number): string => (nanodollars / NANODOLLARS).toFixed(4);
