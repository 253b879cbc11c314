import { expect, test } from 'vitest';
import { differenceOf } from '../../src/desktop/picture-difference.ts';

const picture = (...changed: readonly (readonly [x: number, y: number])[]) => {
  const [width, height] = [10, 6];
  const pixels = new Uint8Array(width * height * 4);
  for (const [x, y] of changed) pixels[(y * width + x) * 4 + 1] = 9;
  return { pixels, width, height };
};

test('the rectangle around the pixels that differ', () => {
  expect(differenceOf(picture(), picture())).toBe(null);
  expect(differenceOf(picture(), picture([3, 2]))).toEqual({ x: 3, y: 2, width: 1, height: 1 });
  expect(differenceOf(picture([0, 0]), picture([3, 2], [7, 5]))).toEqual({ x: 0, y: 0, width: 8, height: 6 });
  expect(differenceOf(picture([9, 5]), picture([9, 5], [1, 4], [8, 1]))).toEqual({
    x: 1,
    y: 1,
    width: 8,
    height: 4,
  });
});

test('pictures of different sizes differ everywhere', () => {
  const small = { pixels: new Uint8Array(4), width: 1, height: 1 };
  expect(differenceOf(small, picture())).toEqual({ x: 0, y: 0, width: 10, height: 6 });
});
