import { expect, test } from 'vitest';
import { fuzzKill } from './fuzz.ts';

/** The full length is `npm run fuzz:kill`. */
const KILLS = 25;

test('no kill at any moment loses a grant or breaks the ledger, and the next start serves', async () => {
  const seed = Date.now() % 1_000_000;
  const report = await fuzzKill({ kills: KILLS, seed });
  expect(report.lost, `seed ${seed}`).toEqual([]);
  expect(report.broken, `seed ${seed}`).toEqual([]);
  expect(report.startMs).toHaveLength(KILLS);
  // otherwise nothing was under way when it was killed
  expect(report.written).toBeGreaterThan(0);
  expect(report.unknownOutcomes).toBeGreaterThan(0);
}, 600_000);
