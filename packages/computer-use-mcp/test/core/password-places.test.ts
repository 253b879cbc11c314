import { describe, expect, test } from 'vitest';
import { placesOf, type SeenWindow } from '../../src/core/password-places.ts';

const window = (
  at: { readonly x: number; readonly y: number },
  more: Partial<SeenWindow> = {},
): SeenWindow => ({
  pid: 7,
  at,
  size: { width: 400, height: 300 },
  visible: [{ ...at, width: 400, height: 300 }],
  ...more,
});

const frames = [{ width: 400, height: 300 }];
const inWindow = { x: 50, y: 60, width: 100, height: 20 };

/** The place of the field in a window, with the margin around it. */
const around = (x: number, y: number, width = 100, height = 20) => ({
  x: x - 6,
  y: y - 6,
  width: width + 12,
  height: height + 12,
});

const distinct = (rects: readonly object[]) => [...new Set(rects.map((rect) => JSON.stringify(rect)))];

test('a field is where its window and the screen agree', () => {
  const field = { pid: 7, inWindow, onScreen: { ...inWindow, x: 550, y: 460 }, frames };
  const places = placesOf(field, [window({ x: 500, y: 400 }), window({ x: 0, y: 0 })]);
  expect(distinct(places)).toEqual([JSON.stringify(around(550, 460))]);
});

test('when the window moved since, everywhere that may be meant', () => {
  const field = { pid: 7, inWindow, onScreen: { ...inWindow, x: 550, y: 460 }, frames };
  expect(placesOf(field, [window({ x: 300, y: 300 })])).toEqual([around(550, 460), around(350, 360)]);
});

test('a program that does not know where its window is, or where its field is in it', () => {
  const only = { pid: 7, frames };
  const windows = [window({ x: 500, y: 400 })];
  expect(placesOf({ ...only, inWindow, onScreen: null }, windows)).toEqual([around(550, 460)]);
  const onScreen = { ...inWindow, x: 550, y: 460 };
  expect(placesOf({ ...only, inWindow: null, onScreen }, windows)).toEqual([around(550, 460)]);
  expect(placesOf({ ...only, inWindow: null, onScreen: null }, windows)).toEqual([]);
});

test('a program that counts two pixels as one', () => {
  const field = {
    pid: 7,
    inWindow: { x: 25, y: 30, width: 50, height: 10 },
    onScreen: { x: 275, y: 230, width: 50, height: 10 },
    frames: [{ width: 200, height: 150 }],
  };
  expect(distinct(placesOf(field, [window({ x: 500, y: 400 })]))).toEqual([JSON.stringify(around(550, 460))]);
});

describe('a program blackens', () => {
  const everything = { x: -9999, y: -9999, width: 99_999, height: 99_999 };
  const field = { pid: 7, inWindow: everything, onScreen: everything, frames };

  test('only what can be seen of its own windows', () => {
    const visible = [
      { x: 500, y: 400, width: 100, height: 300 },
      { x: 700, y: 400, width: 200, height: 300 },
    ];
    const places = placesOf(field, [
      window({ x: 500, y: 400 }, { visible }),
      window({ x: 0, y: 0 }, { pid: 8 }),
    ]);
    expect(distinct(places)).toEqual(visible.map((rect) => JSON.stringify(rect)));
  });

  test('nothing when it shows no window', () => {
    expect(placesOf(field, [window({ x: 0, y: 0 }, { pid: 8 })])).toEqual([]);
  });
});
