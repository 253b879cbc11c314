import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Blinking, type Spot } from '../../src/core/blinking.ts';
import type { Change, Patience } from '../../src/desktop/changes.ts';
import { untilAtRest } from '../../src/desktop/rest.ts';

const PATIENCE: Patience = { firstMs: 150, restMs: 60, capMs: 1000, doubtMs: 0 };
const BUTTON = { x: 10, y: 10, width: 100, height: 40 };
const DIALOG = { x: 200, y: 30, width: 300, height: 200 };
const CARET = { x: 5, y: 5, width: 2, height: 18 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const every = (ms: number, until: number): readonly number[] =>
  Array.from({ length: Math.floor(until / ms) }, (_, index) => (index + 1) * ms);

interface Told {
  readonly change: Change;
  readonly after: number;
}

/** What is told of changes at certain times, and when. */
async function told(
  happens: readonly (readonly [at: number, rect: Spot['rect']])[],
  patience: Partial<Patience> = {},
): Promise<Told> {
  const start = performance.now();
  const passed = () => performance.now() - start;
  let lookedAt = -1;
  const lookout = {
    look: () => {
      const now = passed();
      const spots = happens
        .filter(([at]) => at > lookedAt && at <= now)
        .map(([, rect]): Spot => ({ window: 1, rect }));
      lookedAt = now;
      return Promise.resolve(spots);
    },
    news: (ms: number) => {
      const next = happens.find(([at]) => at > passed())?.[0] ?? Infinity;
      return new Promise<void>((resolve) => {
        setTimeout(resolve, Math.min(ms, next - passed()));
      });
    },
  };
  const { signal } = new AbortController();
  const work = { patience: { ...PATIENCE, ...patience }, blinking: new Blinking() };
  const telling = untilAtRest(lookout, work, signal).then((change) => ({ change, after: passed() }));
  await vi.runAllTimersAsync();
  return telling;
}

describe('what changed is told', () => {
  test.each([
    ['nothing', [], { effect: 'none' }, 150],
    ['one thing', [[20, BUTTON]], { effect: 'changed', rect: BUTTON, isAtRest: true }, 80],
    [
      'several things, as one rectangle around them',
      [
        [20, BUTTON],
        [60, DIALOG],
      ],
      { effect: 'changed', rect: { x: 10, y: 10, width: 490, height: 220 }, isAtRest: true },
      120,
    ],
    ['a thing that comes too late', [[170, BUTTON]], { effect: 'none' }, 150],
    [
      'an animation, which is not waited for',
      every(20, 5000).map((at) => [at, BUTTON] as const),
      { effect: 'changed', rect: BUTTON, isAtRest: false },
      1020,
    ],
  ] as const)('%s', async (_what, happens, change, after) => {
    expect(await told(happens)).toEqual({ change, after });
  });
});

describe('while small changes are doubted', () => {
  const waiting = { firstMs: 10_000, doubtMs: 1500 };

  test('one that happens once is told when it did not happen again', async () => {
    const change = { effect: 'changed', rect: CARET, isAtRest: true };
    expect(await told([[100, CARET]], waiting)).toEqual({ change, after: 1660 });
  });

  test('a caret is not told', async () => {
    const blinks = every(500, 9900).map((at) => [at, CARET] as const);
    expect(await told(blinks, waiting)).toEqual({ change: { effect: 'none' }, after: 10_000 });
  });

  test('nor is it a part of what is told', async () => {
    const blinks = every(500, 4000).map((at) => [at, CARET] as const);
    const happens = [...blinks, [4100, DIALOG] as const];
    const change = { effect: 'changed', rect: DIALOG, isAtRest: true };
    expect(await told(happens, waiting)).toEqual({ change, after: 4160 });
  });

  test('one that there is no time to see again is told, unless it was seen twice', async () => {
    const change = { effect: 'changed', rect: CARET, isAtRest: true };
    expect((await told([[900, CARET]], { ...waiting, firstMs: 1000 })).change).toEqual(change);
    const twice = [
      [300, CARET],
      [900, CARET],
    ] as const;
    expect((await told(twice, { ...waiting, firstMs: 1000 })).change).toEqual({ effect: 'none' });
  });
});

test('a call that is given up ends at once', async () => {
  const aborted = AbortSignal.abort();
  const lookout = { look: () => Promise.resolve([]), news: () => Promise.resolve() };
  const work = { patience: PATIENCE, blinking: new Blinking() };
  await expect(untilAtRest(lookout, work, aborted)).rejects.toThrow('aborted');
});
