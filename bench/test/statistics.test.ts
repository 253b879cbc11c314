import { describe, expect, it } from 'vitest';
import { summaryOf } from '../statistics.ts';

describe('a summary', () => {
  it.each([
    { values: [5], summary: { median: 5, min: 5, p95: 5 } },
    { values: [3, 1, 2], summary: { median: 2, min: 1, p95: 3 } },
    { values: [4, 1, 3, 2], summary: { median: 2.5, min: 1, p95: 4 } },
    { values: [10, 9, 100], summary: { median: 10, min: 9, p95: 100 } },
  ])('of $values is $summary', ({ values, summary }) => {
    expect(summaryOf(values)).toEqual(summary);
  });

  it('leaves the largest of twenty values out of the 95th percentile', () => {
    const values = Array.from({ length: 20 }, (_, index) => index + 1);
    expect(summaryOf(values)).toEqual({ median: 10.5, min: 1, p95: 19 });
  });
});
