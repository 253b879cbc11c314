import { describe, expect, it } from 'vitest';
import { PRICES, PriceList, priceSchema, type ModelUsage } from '../../src/index.ts';

const NONE: ModelUsage = { input: 0, cacheRead: 0, cacheWrite: { short: 0, long: 0 }, output: 0 };
const at = new Date('2026-11-21T12:00:00Z');
const builtIn = new PriceList(PRICES);

describe('what a turn cost', () => {
  it.each([
    ['input', { ...NONE, input: 1_000_000 }, 4],
    ['output', { ...NONE, output: 1_000_000 }, 20],
    ['read from the cache', { ...NONE, cacheRead: 1_000_000 }, 0.2],
    ['written for five minutes', { ...NONE, cacheWrite: { short: 1_000_000, long: 0 } }, 5],
    ['written for an hour', { ...NONE, cacheWrite: { short: 0, long: 1_000_000 } }, 8],
    [
      'all of it',
      { input: 1_000, cacheRead: 90_000, cacheWrite: { short: 2_000, long: 3_000 }, output: 500 },
      0.004 + 0.018 + 0.01 + 0.024 + 0.01,
    ],
  ])('is told for %s', (_, usage, usd) => {
    expect(builtIn.cost(usage, { model: 'claude-opus-5-5', at })).toBe(Math.round(usd * 1e9));
  });

  it('is exact for a single token of the cheapest', () => {
    const usage = { ...NONE, cacheRead: 1 };
    expect(builtIn.cost(usage, { model: 'claude-haiku-5-5', at })).toBe(10);
  });

  it('follows the day on which it was asked', () => {
    const cost = (day: string): number | null =>
      builtIn.cost(
        { ...NONE, cacheRead: 1_000_000 },
        { model: 'claude-sonnet-5-5', at: new Date(`${day}T23:59:59Z`) },
      );
    expect([cost('2026-10-06'), cost('2026-10-07'), cost('2024-12-31')]).toStrictEqual([2e8, 1e8, null]);
  });

  it('follows the length of the whole prompt, what was read from the cache included', () => {
    const cost = (cacheRead: number): number | null =>
      builtIn.cost({ ...NONE, input: 1, cacheRead }, { model: 'claude-haiku-5-5', at });
    expect([cost(99_999), cost(100_000)]).toStrictEqual([100 + 99_999 * 10, 500 + 100_000 * 50]);
  });

  it('is the same for a model that is named with its date', () => {
    const usage = { ...NONE, input: 7, output: 9 };
    expect(builtIn.cost(usage, { model: 'claude-haiku-4-5-20251001', at })).toBe(
      builtIn.cost(usage, { model: 'claude-haiku-4-5', at }),
    );
  });

  it('is not known for a model without a price, and never nothing', () => {
    expect(builtIn.cost({ ...NONE, input: 1 }, { model: 'claude-haiku', at })).toBeNull();
    expect(builtIn.cost({ ...NONE, input: 1 }, { model: 'claude-opus-5-5-x', at })).toBeNull();
  });
});

describe('a list that a person added to', () => {
  const own = priceSchema.parse({
    model: 'claude-opus-5-5',
    since: '2025-01-01',
    upTo: null,
    input: 1,
    output: 2,
    cacheWrite: { short: 1, long: 1 },
    cacheRead: 1,
  });

  it('counts before the one that is built in, from the same day on', () => {
    const list = new PriceList([...PRICES, own]);
    expect(list.cost({ ...NONE, output: 1_000_000 }, { model: 'claude-opus-5-5', at })).toBe(2e9);
  });

  it('refuses what is no price', () => {
    expect(priceSchema.safeParse({ ...own, input: -1 }).success).toBe(false);
    expect(priceSchema.safeParse({ ...own, since: '21.11.2026' }).success).toBe(false);
    expect(priceSchema.safeParse({ ...own, currency: 'EUR' }).success).toBe(false);
  });
});

describe('what a request may cost', () => {
  it.each(['claude-opus-5-5', 'claude-haiku-5-5', 'claude-fable-5-1'])(
    'is never less than what it cost, however its tokens fell (%s)',
    (model) => {
      const bounds = { prompt: 1_000, answer: 100 };
      const most = builtIn.most(bounds, { model, at });
      const costs = [
        { ...NONE, input: 1_000, output: 100 },
        { ...NONE, cacheRead: 1_000, output: 100 },
        { ...NONE, cacheWrite: { short: 1_000, long: 0 }, output: 100 },
        { ...NONE, cacheWrite: { short: 0, long: 1_000 }, output: 100 },
      ].map((usage) => builtIn.cost(usage, { model, at }) ?? Infinity);
      expect(most).toBe(Math.max(...costs));
    },
  );

  it('is not known without a price', () => {
    expect(builtIn.most({ prompt: 1, answer: 1 }, { model: 'qwen3:8b', at })).toBeNull();
  });
});
