import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitToBudget, rectToImage, toImage, toScreen, type Frame } from '../../src/core/frame.ts';

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
