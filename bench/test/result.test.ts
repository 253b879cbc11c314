import { describe, expect, it } from 'vitest';
import { Result, resultOf } from '../result.ts';
import { CLICK } from './measurements.ts';

describe('a result', () => {
  it('has the medians of ours and of each peer, and null for a peer that could not be measured', () => {
    expect(resultOf(CLICK)).toEqual({
      metric: 'click',
      unit: 'ms',
      ours: 1.2,
      peers: { slow: 18, absent: null },
      target: 2,
      better: 'lower',
    });
  });

  it('keeps its shape when it is written as JSON', () => {
    const result = resultOf(CLICK);
    expect(Result.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it('without values of ours is not a result', () => {
    const written: unknown = JSON.parse(JSON.stringify(resultOf({ ...CLICK, ours: [] })));
    expect(Result.safeParse(written).success).toBe(false);
  });
});
