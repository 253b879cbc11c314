import { describe, expect, it } from 'vitest';
import { tableOf, timesBetter } from '../table.ts';
import { CLICK, SIZE } from './measurements.ts';

describe('a table', () => {
  it('shows ours above its peers, with ratios, what was asked, and why a peer is missing', () => {
    expect(tableOf([CLICK, SIZE]).split('\n')).toEqual([
      '             p50   min   p95       ours is   asked',
      'click, ms',
      '  deskhand  1.20  1.00  3.00                  <= 2  met',
      '  slow      18.0  12.0  30.0  15.0x better  >= 15x  met',
      '  absent       -     -     -                        not measured: could not be installed',
      'size, kB',
      '  deskhand   250   250   250',
      '  large     1000  1000  1000  4.00x better',
    ]);
  });

  it('says that a target and a ratio are missed', () => {
    const table = tableOf([{ ...CLICK, ours: [2.5] }]);
    expect(table.match(/MISSED/g)).toHaveLength(2);
  });
});

describe('a ratio', () => {
  it.each([
    { ours: 2, peer: 30, better: 'lower' as const, times: 15 },
    { ours: 30, peer: 2, better: 'higher' as const, times: 15 },
    { ours: 4, peer: 2, better: 'lower' as const, times: 0.5 },
  ])('of $ours to $peer is $times when $better is better', ({ ours, peer, better, times }) => {
    expect(timesBetter(ours, peer, better)).toBe(times);
  });
});
