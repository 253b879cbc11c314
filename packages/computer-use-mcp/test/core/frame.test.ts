import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fitInto,
  fitToBudget,
  rectToImage,
  rectToScreen,
  toImage,
  toScreen,
  type Frame,
} from '../../src/core/frame.ts';

const size = fc.record({
  width: fc.integer({ min: 100, max: 7680 }),
  height: fc.integer({ min: 100, max: 4320 }),
});

const BUDGET = 1568;
const frameOf = (screen: Frame['screen']): Frame => ({
  id: 'f1',
  screen,
  image: fitToBudget(screen, BUDGET),
});

test.each([
  [
    { width: 1280, height: 800 },
    { width: 1280, height: 800 },
  ],
  [
    { width: 1024, height: 768 },
    { width: 1024, height: 768 },
  ],
])('a screen of %o fits the budget as it is', (screen, image) => {
  expect(fitToBudget(screen, BUDGET)).toEqual(image);
});

test('a larger screen is scaled to the largest picture within the budget, with its proportions kept', () => {
  fc.assert(
    fc.property(size, (screen) => {
      const { width, height } = fitToBudget(screen, BUDGET);
      expect(Math.ceil(width / 28) * Math.ceil(height / 28)).toBeLessThanOrEqual(BUDGET);
      expect(Math.abs(width / height / (screen.width / screen.height) - 1)).toBeLessThan(0.02);
    }),
  );
});

test('a point of the picture comes back to itself through the screen', () => {
  fc.assert(
    fc.property(
      size,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (screen, u, v) => {
        const frame = frameOf(screen);
        const at = {
          x: Math.floor(u * (frame.image.width - 1)),
          y: Math.floor(v * (frame.image.height - 1)),
        };
        const there = toScreen(frame, at);
        expect(there.x).toBeLessThan(screen.width);
        expect(there.y).toBeLessThan(screen.height);
        expect(toImage(frame, there)).toEqual(at);
      },
    ),
  );
});

test('an unscaled picture has the coordinates of the screen', () => {
  const frame = frameOf({ width: 1280, height: 800 });
  expect(toScreen(frame, { x: 17, y: 799 })).toEqual({ x: 17, y: 799 });
  expect(rectToImage(frame, { x: -5, y: 10, width: 50, height: 20 })).toEqual({
    x: -5,
    y: 10,
    width: 50,
    height: 20,
  });
});

describe('a region of the picture', () => {
  const frame = { id: 'f1', screen: { width: 2560, height: 1440 }, image: { width: 1280, height: 720 } };

  test('is every pixel of the screen that it touches', () => {
    const corners = (...[x0, y0, x1, y1]: readonly [number, number, number, number]) =>
      rectToScreen(frame, [
        { x: x0, y: y0 },
        { x: x1, y: y1 },
      ]);
    expect(corners(0, 0, 1280, 720)).toEqual({ x: 0, y: 0, width: 2560, height: 1440 });
    expect(corners(10, 20, 11, 21)).toEqual({ x: 20, y: 40, width: 2, height: 2 });
    expect(corners(10.4, 20.4, 10.6, 20.6)).toEqual({ x: 20, y: 40, width: 2, height: 2 });
  });

  test('is shown as large as the picture allows, in its own shape', () => {
    expect(fitInto({ width: 100, height: 50 }, frame.image)).toEqual({ width: 1280, height: 640 });
    expect(fitInto({ width: 10, height: 1000 }, frame.image)).toEqual({ width: 7, height: 720 });
    expect(fitInto({ width: 2560, height: 1 }, frame.image)).toEqual({ width: 1280, height: 1 });
  });
});
