import type { Price } from './price-list.ts';

type Figures = readonly [input: number, output: number, short: number, long: number, read: number];

const price = (
  model: string,
  [input, output, short, long, read]: Figures,
  { since = '2025-01-01', upTo = null }: { readonly since?: string; readonly upTo?: number | null } = {},
): Price => ({ model, since, upTo, input, output, cacheWrite: { short, long }, cacheRead: read });

/**
 * What models cost, in USD per million tokens: as public pages of the services named it on 2026-11-21. One that is not
 * named here has no price until a person adds it.
 */
export const PRICES: readonly Price[] = [
  price('claude-fable-5-1', [10, 50, 12.5, 20, 0.25]),
  price('claude-opus-5-5', [4, 20, 5, 8, 0.2]),
  price('claude-opus-5', [5, 25, 6.25, 10, 0.5]),
  price('claude-opus-4-5', [5, 25, 6.25, 10, 0.5]),
  price('claude-opus-4-6', [5, 25, 6.25, 10, 0.5]),
  price('claude-opus-4-7', [5, 25, 6.25, 10, 0.5]),
  price('claude-opus-4-8', [5, 25, 6.25, 10, 0.5]),
  price('claude-sonnet-5-5', [2, 10, 2.5, 4, 0.2]),
  price('claude-sonnet-5-5', [2, 10, 2.5, 4, 0.1], { since: '2026-10-07' }),
  price('claude-sonnet-5', [2, 10, 2.5, 4, 0.2]),
  price('claude-haiku-5-5', [0.1, 0.5, 0.125, 0.2, 0.01], { upTo: 100_000 }),
  price('claude-haiku-5-5', [0.5, 2.5, 0.625, 1, 0.05]),
  price('claude-haiku-4-5', [1, 5, 1.25, 2, 0.1]),
];
