import { expect, test } from 'vitest';
import { shares } from '../../src/snapshot/shares.ts';

test.each([
  [[100, 100], 1000, [100, 100]],
  [[5000, 100, 100], 1000, [800, 100, 100]],
  [[5000, 5000, 200], 1000, [400, 400, 200]],
  [[5000], 1000, [1000]],
  [[], 1000, []],
])('needs of %j in %j are met as %j', (needs, budget, given) => {
  expect(shares(needs, budget)).toEqual(given);
});
