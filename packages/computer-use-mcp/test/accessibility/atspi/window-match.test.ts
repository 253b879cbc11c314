import { describe, expect, test } from 'vitest';
import { matchWindow, toPixels, toProgram } from '../../../src/accessibility/atspi/window-match.ts';

const window = { pid: 7, rect: { x: 320, y: 167, width: 640, height: 480 }, title: 'notes' };
const top = (
  path: string,
  onScreen: { x: number; y: number; width: number; height: number },
  title = '',
) => ({
  path,
  onScreen,
  title,
});
const onScreen = { by: 'screen', scale: 1, origin: { x: 0, y: 0 }, isExact: true };

describe('the top level of a window', () => {
  test('is the one at its place, with decorations or without', () => {
    const tops = [
      top('/other', { x: 0, y: 0, width: 300, height: 300 }),
      top('/mine', { x: 319, y: 147, width: 642, height: 505 }),
      { path: '/nowhere', onScreen: null, title: 'notes' },
    ];
    expect(matchWindow(window, tops)).toEqual({ path: '/mine', placement: onScreen });
  });

  test('of two at one place is the one with its title, and none when both have it', () => {
    const first = top('/first', window.rect, 'notes');
    expect(matchWindow(window, [first, top('/second', window.rect, 'other')])?.path).toBe('/first');
    expect(matchWindow(window, [first, top('/second', window.rect, 'notes')])).toBeNull();
  });

  test('in another measure is found by the scale', () => {
    const halved = top('/mine', { x: 160, y: 83, width: 320, height: 240 }, 'notes');
    expect(matchWindow(window, [halved])?.placement.scale).toBe(2);
  });

  test('that puts itself at the origin is found by its size, and its places are those in the window', () => {
    const match = matchWindow(window, [top('/mine', { x: 0, y: 0, width: 640, height: 480 }, 'x')]);
    expect(match).toEqual({
      path: '/mine',
      placement: { by: 'window', scale: 1, origin: window.rect, isExact: true },
    });
  });

  test('near the corner of the screen is not taken for one that knows its place', () => {
    const corner = { ...window, rect: { x: 5, y: 30, width: 640, height: 480 } };
    const lost = top('/lost', { x: 0, y: 0, width: 640, height: 480 });
    expect(matchWindow(corner, [lost])?.placement).toMatchObject({ by: 'window', origin: corner.rect });
    const framed = top('/framed', { x: 4, y: 10, width: 642, height: 501 });
    expect(matchWindow(corner, [framed])?.placement).toEqual(onScreen);
  });

  test('that is small is found under its title bar', () => {
    const small = { ...window, rect: { x: 100, y: 100, width: 200, height: 24 } };
    expect(matchWindow(small, [top('/mine', { x: 99, y: 80, width: 202, height: 46 })])?.path).toBe('/mine');
  });

  test('is not exact when a shadow is left out', () => {
    const match = matchWindow(window, [top('/mine', { x: 0, y: 0, width: 600, height: 430 }, 'notes')]);
    expect(match?.placement.isExact).toBe(false);
  });

  test.each([
    ['far away', { x: 1000, y: 700, width: 100, height: 50 }],
    ['much larger', { x: 0, y: 0, width: 1920, height: 1080 }],
    ['much smaller', { x: 400, y: 300, width: 100, height: 50 }],
  ])('is none that is %s', (_, rect) => {
    expect(matchWindow(window, [top('/other', rect, 'notes')])).toBeNull();
  });
});

test('a place goes to the screen and back', () => {
  const placement = { by: 'window', scale: 2, origin: { x: 100, y: 50 }, isExact: true } as const;
  const rect = { x: 10, y: 20, width: 30, height: 40 };
  expect(toPixels(rect, placement)).toEqual({ x: 120, y: 90, width: 60, height: 80 });
  expect(toProgram(toPixels(rect, placement), placement)).toEqual(rect);
});
