import { expect, test } from 'vitest';
import { PictureIds } from '../src/picture-ids.ts';

const pixels = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

test('the same pixels of the same frame have the same name, whenever they come', () => {
  const ids = new PictureIds();
  const first = ids.idOf(pixels(1, 2, 3, 4), 'f1');
  const other = ids.idOf(pixels(1, 2, 3, 5), 'f1');
  expect([first, other]).toEqual(['p1', 'p2']);
  expect(ids.idOf(pixels(1, 2, 3, 4), 'f1')).toBe(first);
});

test('another frame is another picture', () => {
  const ids = new PictureIds();
  expect(ids.idOf(pixels(1), 'f1')).not.toBe(ids.idOf(pixels(1), 'f2'));
});

test('a name is never given again, also when its picture was forgotten', () => {
  const ids = new PictureIds();
  const first = ids.idOf(pixels(0, 0), 'f1');
  const names = Array.from({ length: 400 }, (_, at) => ids.idOf(pixels(at & 255, 1 + (at >> 8)), 'f1'));
  const again = ids.idOf(pixels(0, 0), 'f1');
  expect(new Set([first, ...names, again]).size).toBe(402);
});
