import { expect, test } from 'vitest';
import { faultsOf, fuzz } from './fuzz.ts';

/** 45 in all; the full length is `npm run fuzz:race -- --runs 500`. */
const RUNS = 15;
const MINUTES = 60_000;

// on a desktop each, where most of the time is waiting
test.concurrent.each(['openbox', 'xfwm4', 'icewm'] as const)(
  'under %s nothing reaches a program that nobody allowed, whatever happens during what an agent does',
  async (wm) => {
    const seed = Date.now() % 1_000_000;
    const report = await fuzz({ wm, runs: RUNS, seed });
    expect(report.results).toHaveLength(RUNS);
    expect(faultsOf(report), `seed ${seed}`).toEqual([]);
    expect(report.results.some(({ received }) => received > 0)).toBe(true);
  },
  15 * MINUTES,
);
