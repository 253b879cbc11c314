import fc from 'fast-check';
import { expect, test } from 'vitest';
import { area, contains, without, type Rect } from '../../src/core/geometry.ts';
import { apart, blacken, maskOf, type Layer } from '../../src/core/redaction.ts';

const SIZE = 24;
const screen: Rect = { x: 0, y: 0, width: SIZE, height: SIZE };

const rect = fc.record({
  x: fc.integer({ min: -6, max: SIZE }),
  y: fc.integer({ min: -6, max: SIZE }),
  width: fc.integer({ min: 1, max: SIZE }),
  height: fc.integer({ min: 1, max: SIZE }),
});

const layer: fc.Arbitrary<Layer> = fc.record({
  outline: fc.array(rect, { minLength: 1, maxLength: 3 }),
  shown: fc.boolean(),
  translucent: fc.boolean(),
});

const pixels = Array.from({ length: SIZE * SIZE }, (_, i) => ({ x: i % SIZE, y: Math.floor(i / SIZE) }));

/** The definition, one pixel at a time: black where a hidden window is not covered by a shown opaque one. */
const isBlack = (layers: readonly Layer[], x: number, y: number): boolean =>
  layers.reduce((black, { outline, shown, translucent }) => {
    if (!outline.some((part) => contains(part, { x, y }))) return black;
    if (!shown) return true;
    return translucent ? black : false;
  }, false);

test('the mask is exactly the pixels on which a hidden window can be seen', () => {
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 6 }), (layers) => {
      const mask = maskOf(layers, screen);
      const masked = pixels.map((at) => mask.filter((part) => contains(part, at)).length);
      expect(masked).toEqual(pixels.map(({ x, y }) => (isBlack(layers, x, y) ? 1 : 0)));
    }),
    { numRuns: 200 },
  );
});

test('a rectangle without a hole keeps the rest of its area', () => {
  fc.assert(
    fc.property(rect, rect, (from, hole) => {
      const parts = without(from, hole);
      const kept = pixels.filter((at) => contains(from, at) && !contains(hole, at));
      for (const at of kept) expect(parts.filter((part) => contains(part, at)).length).toBe(1);
      expect(area(parts)).toBeLessThanOrEqual(area([from]));
    }),
  );
});

test('blackening clears the masked pixels and no others', () => {
  const picture = new Uint8Array(SIZE * SIZE * 4).fill(7);
  const masked = { x: 3, y: 4, width: 5, height: 6 };
  blacken(picture, SIZE, [masked]);
  for (const [index, at] of pixels.entries()) {
    expect(picture[index * 4]).toBe(contains(masked, at) ? 0 : 7);
  }
});

test('rectangles without what they have in common cover the same once', () => {
  const rects = [
    { x: 0, y: 0, width: 10, height: 10 },
    { x: 5, y: 5, width: 10, height: 10 },
    { x: 2, y: 2, width: 3, height: 3 },
  ];
  expect(area(apart(rects))).toBe(175);
});
