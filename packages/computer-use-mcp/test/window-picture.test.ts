import { expect, test } from 'vitest';
import { windowPicture } from '../src/window-picture.ts';

const DISPLAY = { name: 'screen', x: 10, y: 0, width: 6, height: 4, scale: 1 };

/** Each pixel is its number, so that it can be told where it came from. */
const pixels = Uint8Array.from({ length: 6 * 4 * 4 }, (_, at) => Math.floor(at / 4));

function captureOf(visible: readonly { x: number; y: number; width: number; height: number }[]) {
  const window = { window: 7, pid: 1, at: { x: 12, y: 1 }, size: { width: 3, height: 2 }, visible };
  return { pixels, width: 6, height: 4, masked: [], windows: [window], isComposited: false };
}

/** The first byte of every pixel, row by row. */
const rowsOf = (picture: ReturnType<typeof windowPicture>): readonly (readonly (number | undefined)[])[] =>
  Array.from({ length: picture?.height ?? 0 }, (_, y) =>
    Array.from({ length: picture?.width ?? 0 }, (__, x) => picture?.pixels[(y * picture.width + x) * 4]),
  );

test('a window is cut out of the display, without its frame', () => {
  const picture = windowPicture(captureOf([{ x: 11, y: 0, width: 5, height: 4 }]), DISPLAY, 7);
  expect(rowsOf(picture)).toEqual([
    [8, 9, 10],
    [14, 15, 16],
  ]);
  expect(picture?.visibleShare).toBe(1);
});

test('where something else is seen it is white', () => {
  const picture = windowPicture(captureOf([{ x: 12, y: 2, width: 2, height: 1 }]), DISPLAY, 7);
  expect(rowsOf(picture)).toEqual([
    [255, 255, 255],
    [14, 15, 255],
  ]);
  expect(picture?.visibleShare).toBeCloseTo(1 / 3);
});

test('what is on other displays is left out', () => {
  const half = { ...DISPLAY, x: 13, width: 3 };
  const capture = { ...captureOf([{ x: 12, y: 1, width: 3, height: 2 }]), width: 3 };
  const picture = windowPicture(capture, half, 7);
  expect(rowsOf(picture)).toEqual([
    [3, 4],
    [6, 7],
  ]);
  expect(picture?.visibleShare).toBeCloseTo(2 / 3);
});

test.each([
  ['another window', 8, [{ x: 12, y: 1, width: 3, height: 2 }]],
  ['one of which nothing shows', 7, []],
  ['one of which only the frame shows', 7, [{ x: 11, y: 0, width: 5, height: 1 }]],
])('there is no picture of %s', (_what, window, visible) => {
  expect(windowPicture(captureOf(visible), DISPLAY, window)).toBeNull();
});
