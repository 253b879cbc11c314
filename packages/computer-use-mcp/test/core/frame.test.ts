import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  capturePart,
  capturedSize,
  displayOf,
  fitInto,
  fitToBudget,
  rectToImage,
  rectToScreen,
  toImage,
  toScreen,
  type Display,
  type Frame,
} from '../../src/core/frame.ts';
import { contains, type Point, type Rect } from '../../src/core/geometry.ts';

const size = fc.record({
  width: fc.integer({ min: 100, max: 7680 }),
  height: fc.integer({ min: 100, max: 4320 }),
});

/** Left of, above, or anywhere beside the main display, at the scales that systems offer. */
const displays = fc.record({
  name: fc.constant('any'),
  x: fc.integer({ min: -8000, max: 8000 }),
  y: fc.integer({ min: -8000, max: 8000 }),
  width: fc.integer({ min: 100, max: 7680 }),
  height: fc.integer({ min: 100, max: 4320 }),
  scale: fc.constantFrom(1, 1.25, 1.5, 1.75, 2, 3),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });
const shares = fc.tuple(share, share);

const BUDGET = 1568;
const frameOf = (display: Display): Frame => ({
  id: 'f1',
  display,
  image: fitToBudget(capturedSize(display), BUDGET),
});
const screenOf = (width: number, height: number): Display => ({
  name: 'screen',
  ...{ x: 0, y: 0, width, height, scale: 1 },
});

/** One of the pixels of a rectangle. */
const pixelIn = ({ x, y, width, height }: Rect, [u, v]: readonly [number, number]): Point => ({
  x: x + Math.floor(u * (width - 1)),
  y: y + Math.floor(v * (height - 1)),
});

const whole = ({ image }: Frame): Rect => ({ x: 0, y: 0, ...image });

/** Pixels of the picture for one unit of the display, at least 1. */
const coarseness = ({ image, display }: Frame): Point => ({
  x: Math.max(1, image.width / display.width),
  y: Math.max(1, image.height / display.height),
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

describe('for any display at any place and scale', () => {
  test('every point of the picture is on the display', () => {
    fc.assert(
      fc.property(displays, shares, (display, where) => {
        const frame = frameOf(display);
        expect(contains(display, toScreen(frame, pixelIn(whole(frame), where)))).toBe(true);
      }),
    );
  });

  test('every point of the display is in the picture', () => {
    fc.assert(
      fc.property(displays, shares, (display, where) => {
        const frame = frameOf(display);
        expect(contains(whole(frame), toImage(frame, pixelIn(display, where)))).toBe(true);
      }),
    );
  });

  test('a point of the picture comes back through the desktop, or as near as its units are fine', () => {
    fc.assert(
      fc.property(displays, shares, (display, where) => {
        const frame = frameOf(display);
        const at = pixelIn(whole(frame), where);
        const back = toImage(frame, toScreen(frame, at));
        const most = coarseness(frame);
        expect(Math.abs(back.x - at.x)).toBeLessThan(most.x);
        expect(Math.abs(back.y - at.y)).toBeLessThan(most.y);
      }),
    );
  });

  test('a point of the desktop comes back through a picture that has a pixel for each', () => {
    fc.assert(
      fc.property(displays, shares, (display, where) => {
        const frame = frameOf(display);
        const at = pixelIn(display, where);
        const back = toScreen(frame, toImage(frame, at));
        if (frame.image.width >= display.width) expect(back.x).toBe(at.x);
        if (frame.image.height >= display.height) expect(back.y).toBe(at.y);
        expect(Math.abs(back.x - at.x)).toBeLessThanOrEqual(Math.ceil(display.width / frame.image.width));
      }),
    );
  });

  test('moving the display moves what the picture means by as much', () => {
    fc.assert(
      fc.property(displays, shares, (display, where) => {
        const [there, here] = [frameOf(display), frameOf({ ...display, x: 0, y: 0 })];
        const at = pixelIn(whole(here), where);
        const origin = toScreen(here, at);
        expect(toScreen(there, at)).toEqual({ x: origin.x + display.x, y: origin.y + display.y });
      }),
    );
  });

  test('a rectangle of the desktop holds in the picture what it holds', () => {
    fc.assert(
      fc.property(displays, shares, shares, (display, [u, v], where) => {
        const frame = frameOf(display);
        const corner = pixelIn(display, [u / 2, v / 2]);
        const rect = { ...corner, width: display.width / 2, height: display.height / 2 };
        const { x, y, width, height } = rectToImage(frame, rect);
        const at = toImage(frame, pixelIn(rect, where));
        expect(contains({ x, y, width: width + 1, height: height + 1 }, at)).toBe(true);
      }),
    );
  });

  test('a part of the picture is a part of the capture, and all of it all', () => {
    fc.assert(
      fc.property(displays, shares, shares, (display, from, to) => {
        const frame = frameOf(display);
        const captured = capturedSize(display);
        const { width, height } = frame.image;
        const corner = pixelIn({ x: 0, y: 0, width: width / 2, height: height / 2 }, from);
        const end = { x: corner.x + 1 + to[0] * (width / 2 - 1), y: corner.y + 1 + to[1] * (height / 2 - 1) };
        const part = capturePart(frame.display, rectToScreen(frame, [corner, end]));
        expect(part.width > 0 && part.height > 0 && part.x >= 0 && part.y >= 0).toBe(true);
        expect(part.x + part.width).toBeLessThanOrEqual(captured.width);
        expect(part.y + part.height).toBeLessThanOrEqual(captured.height);
        const all = capturePart(
          frame.display,
          rectToScreen(frame, [
            { x: 0, y: 0 },
            { x: width, y: height },
          ]),
        );
        expect(all).toEqual({ x: 0, y: 0, ...captured });
      }),
    );
  });
});

test('an unscaled picture has the coordinates of the screen', () => {
  const frame = frameOf(screenOf(1280, 800));
  expect(toScreen(frame, { x: 17, y: 799 })).toEqual({ x: 17, y: 799 });
  expect(toImage(frame, { x: 17, y: 799 })).toEqual({ x: 17, y: 799 });
  const rect = { x: -5, y: 10, width: 50, height: 20 };
  expect(rectToImage(frame, rect)).toEqual(rect);
});

test('a display left of and above the main one has coordinates below zero', () => {
  const frame = frameOf({ name: 'left', x: -1280, y: -200, width: 1280, height: 800, scale: 1 });
  expect(toScreen(frame, { x: 0, y: 0 })).toEqual({ x: -1280, y: -200 });
  expect(toScreen(frame, { x: 1279, y: 799 })).toEqual({ x: -1, y: 599 });
  expect(toImage(frame, { x: 10, y: 20 })).toEqual({ x: 1290, y: 220 });
});

test('a display with two pixels for a unit is shown in pixels and pointed at in units', () => {
  const frame = frameOf({ name: 'fine', x: 100, y: 0, width: 500, height: 400, scale: 2 });
  expect(frame.image).toEqual({ width: 1000, height: 800 });
  expect(toScreen(frame, { x: 10, y: 11 })).toEqual({ x: 105, y: 5 });
  const corners = [
    { x: 10, y: 20 },
    { x: 30, y: 40 },
  ] as const;
  expect(capturePart(frame.display, rectToScreen(frame, corners))).toEqual({
    x: 10,
    y: 20,
    width: 20,
    height: 20,
  });
});

test('a window is on the display that has most of it', () => {
  const [left, right] = [screenOf(1000, 800), { ...screenOf(1000, 800), name: 'right', x: 1000 }];
  const at = (x: number) => displayOf({ x, y: 10, width: 100, height: 100 }, [left, right])?.name;
  expect([at(0), at(940), at(960), at(1990), at(2000)]).toEqual([
    'screen',
    'screen',
    'right',
    'right',
    undefined,
  ]);
});

describe('a region of the picture', () => {
  const frame = { id: 'f1', display: screenOf(2560, 1440), image: { width: 1280, height: 720 } };

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
