import { expect, test } from 'vitest';
import { readingOrder } from '../../src/accessibility/reading-order.ts';

const at = (name: string, x: number, y: number, size = { width: 50, height: 20 }) => ({
  name,
  rect: { x, y, ...size },
});
const COLUMN = { width: 100, height: 500 };
const order = (...things: readonly ReturnType<typeof at>[]): string =>
  readingOrder(things)
    .map(({ name }) => name)
    .join(' ');

test('goes row after row, from the left', () => {
  const form = [at('field2', 100, 60), at('label2', 0, 62), at('field1', 100, 20), at('label1', 0, 22)];
  expect(order(...form)).toBe('label1 field1 label2 field2');
});

test('keeps the order of what stands at the same place, and of columns beside each other', () => {
  expect(order(at('a', 0, 0), at('b', 0, 0))).toBe('a b');
  expect(order(at('right', 200, 0, COLUMN), at('left', 0, 3, COLUMN))).toBe('left right');
});

test('is the order as told when something has no place', () => {
  const things = [at('below', 0, 50), { name: 'nowhere', rect: null }, at('above', 0, 0)];
  expect(readingOrder(things)).toEqual(things);
});
