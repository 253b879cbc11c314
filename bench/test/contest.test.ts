import { describe, expect, it } from 'vitest';
import { OURS, compete, type Contender, type Contest } from '../contest.ts';
import type { Metric } from '../measurement.ts';

const METRIC: Metric = { name: 'work', unit: 'ms', better: 'lower', target: null };

const slow = (name: string, sample: () => number): Contender => ({
  names: [name],
  isSlow: true, // without a warm-up
  sample: () => Promise.resolve([{ metric: METRIC.name, by: name, values: [sample()] }]),
});

const contestOf = (ours: Contender, peer: Contender): Contest => ({
  title: 'work',
  metrics: [METRIC],
  ours,
  peers: [peer],
  share: 1,
});

const play = () => ({ rounds: 1, signal: new AbortController().signal, say: () => undefined });

describe('a contest', () => {
  it('gives the values of all who took part', async () => {
    const contest = contestOf(
      slow(OURS, () => 1),
      slow('peer', () => 2),
    );
    expect(await compete(contest, play())).toEqual([
      { metric: METRIC, ours: [1], peers: [{ name: 'peer', series: [2] }] },
    ]);
  });

  it('goes on without a peer that fails, and says why', async () => {
    const failing = slow('peer', () => {
      throw new Error('no display');
    });
    const contest = contestOf(
      slow(OURS, () => 1),
      failing,
    );
    expect(await compete(contest, play())).toEqual([
      { metric: METRIC, ours: [1], peers: [{ name: 'peer', series: { missing: 'no display' } }] },
    ]);
  });

  it('says of a peer that cannot play why it is absent', async () => {
    const absent: Contender = { ...slow('peer', () => 2), absence: 'could not be installed' };
    const contest = contestOf(
      slow(OURS, () => 1),
      absent,
    );
    expect(await compete(contest, play())).toEqual([
      { metric: METRIC, ours: [1], peers: [{ name: 'peer', series: { missing: 'could not be installed' } }] },
    ]);
  });

  it('tries once more what failed once', async () => {
    let failures = 0;
    const flaky = slow(OURS, () => {
      failures += 1;
      if (failures === 1) throw new Error('busy');
      return 1;
    });
    const contest = contestOf(
      flaky,
      slow('peer', () => 2),
    );
    expect(await compete(contest, play())).toMatchObject([{ ours: [1] }]);
  });

  it('ends when ours fails', async () => {
    const failing = slow(OURS, () => {
      throw new Error('no grant');
    });
    await expect(
      compete(
        contestOf(
          failing,
          slow('peer', () => 2),
        ),
        play(),
      ),
    ).rejects.toThrow('no grant');
  });

  it('ends when it is interrupted', async () => {
    const interrupted = AbortSignal.abort(new Error('interrupted'));
    const contest = contestOf(
      slow(OURS, () => 1),
      slow('peer', () => 2),
    );
    await expect(compete(contest, { ...play(), signal: interrupted })).rejects.toThrow('interrupted');
  });
});
