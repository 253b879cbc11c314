import { describe, expect, test } from 'vitest';
import { Blinking, isSmall, type Spot } from '../../src/core/blinking.ts';

const CARET: Spot = { window: 7, rect: { x: 100, y: 40, width: 2, height: 18 } };

/** What is said of each sighting. */
const seen = (times: readonly number[], spot = CARET): readonly boolean[] => {
  const blinking = new Blinking();
  return times.map((time) => blinking.see(spot, time));
};

describe('a spot that changes', () => {
  test.each([
    ['evenly, as a clock', [0, 1000, 2010, 2990], [false, false, true, true]],
    [
      'longer and shorter by turns, as a caret',
      [0, 800, 1200, 2000, 2400],
      [false, false, false, true, true],
    ],
    ['at any time', [0, 300, 1900, 2400, 4300], [false, false, false, false, false]],
    ['quickly, as an animation', [0, 16, 32, 48, 64], [false, false, false, false, false]],
    ['once in a long time', [0, 9000, 18_000, 27_000], [false, false, false, false]],
    ['steadily, and still in a later look', [0, 500, 1000, 30_321], [false, false, true, true]],
    ['steadily, and then not for minutes', [0, 500, 1000, 200_000], [false, false, true, false]],
  ])('%s', (_how, times, expected) => {
    expect(seen(times)).toEqual(expected);
  });

  test('is no caret when it is large', () => {
    const line = { ...CARET, rect: { ...CARET.rect, width: 600 } };
    expect(seen([0, 500, 1000, 1500], line)).toEqual([false, false, false, false]);
    expect([isSmall(CARET), isSmall(line)]).toEqual([true, false]);
  });

  test('is no caret when windows moved', () => {
    expect(seen([0, 500, 1000], { ...CARET, window: null })).toEqual([false, false, false]);
  });

  test('is another one at another place or in another window', () => {
    const blinking = new Blinking();
    const others = [0, 500, 1000].map((time, index) =>
      blinking.see({ ...CARET, rect: { ...CARET.rect, x: index } }, time),
    );
    const windows = [0, 500, 1000].map((time, index) => blinking.see({ ...CARET, window: index }, time));
    expect([...others, ...windows]).toEqual(Array.from({ length: 6 }, () => false));
  });
});

test('only the newest spots are remembered', () => {
  const blinking = new Blinking();
  for (const time of [0, 500, 1000]) blinking.see(CARET, time);
  expect(blinking.see(CARET, 1500)).toBe(true);
  for (let x = 0; x < 100; x++) blinking.see({ ...CARET, rect: { ...CARET.rect, x } }, 1600);
  expect(blinking.see(CARET, 2000)).toBe(false);
});
