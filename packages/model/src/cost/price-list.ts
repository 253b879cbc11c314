import { z } from 'zod';
import type { ModelUsage } from '../model.ts';

const perMillion = z.number().nonnegative().max(10_000);

/** What a model costs from a day on, in USD per million tokens. */
export const priceSchema = z.strictObject({
  /** As the service names it, without the date at its end: `claude-haiku-4-5` is `claude-haiku-4-5-20251001` too. */
  model: z.string().min(1).max(200),
  /** The first day on which it counts (UTC). */
  since: z.iso.date(),
  /** The longest prompt that it counts for, in tokens; null for any. The shortest that holds a prompt counts. */
  upTo: z.number().int().positive().nullable(),
  input: perMillion,
  output: perMillion,
  /** Kept for five minutes, and for an hour. */
  cacheWrite: z.strictObject({ short: perMillion, long: perMillion }),
  cacheRead: perMillion,
});

export type Price = z.output<typeof priceSchema>;

/** Which price, and when: a request is charged by the day on which it was sent. */
export interface PriceQuery {
  readonly model: string;
  readonly at: Date;
}

/** The most that a request can be charged for. */
export interface Bounds {
  /** Tokens of everything that is sent. */
  readonly prompt: number;
  /** Tokens that the answer may have. */
  readonly answer: number;
}

/** USD are told as whole nanodollars, so that sums are exact: a token of the cheapest costs 10 of them. */
export class PriceList {
  readonly #prices: readonly Price[];

  /** Later prices of the same model, day and length count instead of earlier ones. */
  constructor(prices: readonly Price[]) {
    this.#prices = prices;
  }

  /** What a turn cost in nanodollars; null where the model has no price. */
  cost(usage: ModelUsage, query: PriceQuery): number | null {
    const prompt = usage.input + usage.cacheRead + usage.cacheWrite.short + usage.cacheWrite.long;
    const price = this.#price(query, prompt);
    if (price === undefined) return null;
    return (
      nanodollars(usage.input, price.input) +
      nanodollars(usage.cacheRead, price.cacheRead) +
      nanodollars(usage.cacheWrite.short, price.cacheWrite.short) +
      nanodollars(usage.cacheWrite.long, price.cacheWrite.long) +
      nanodollars(usage.output, price.output)
    );
  }

  /** What a request may cost at most in nanodollars, with nothing read from the cache; null where the model has no price. */
  most({ prompt, answer }: Bounds, query: PriceQuery): number | null {
    const price = this.#price(query, prompt);
    if (price === undefined) return null;
    const dearest = Math.max(price.input, price.cacheWrite.short, price.cacheWrite.long);
    return nanodollars(prompt, dearest) + nanodollars(answer, price.output);
  }

  #price({ model, at }: PriceQuery, prompt: number): Price | undefined {
    const name = model.replace(/-\d{8}$/u, '');
    const day = at.toISOString().slice(0, 10);
    return this.#prices
      .filter((price) => price.model === name && price.since <= day && prompt <= (price.upTo ?? Infinity))
      .reduce<Price | undefined>(
        (best, price) => (best === undefined || !counts(best, price) ? price : best),
        undefined,
      );
  }
}

/** Whether the first counts before the second, which comes later in the list. */
function counts(first: Price, second: Price): boolean {
  if (first.since !== second.since) return first.since > second.since;
  return (first.upTo ?? Infinity) < (second.upTo ?? Infinity);
}

/** USD per million are thousands of nanodollars per token. */
const nanodollars = (tokens: number, perMillionTokens: number): number =>
  Math.round(tokens * perMillionTokens * 1_000);
