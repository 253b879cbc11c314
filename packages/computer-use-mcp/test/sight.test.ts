import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { Capture } from '../src/desktop/desktop.ts';
import { Sights } from '../src/sight.ts';

const DISPLAY = { name: 'screen', x: 0, y: 0, width: 1, height: 1, scale: 1 };
const PLACE = { x: 0, y: 0, width: 1, height: 1 };
const WINDOW = { window: 7, pid: 3, at: { x: 0, y: 0 }, size: PLACE, visible: [PLACE] };
const { signal } = new AbortController();

let asked: number;
let sights: Sights;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  asked = 0;
  sights = new Sights({
    passwordFields: () => {
      asked += 1;
      return Promise.resolve({ fields: [], silent: [] });
    },
  });
});
afterEach(() => vi.useRealTimers());

const showing = (colour: number) => (): Promise<Capture> =>
  Promise.resolve({
    pixels: new Uint8Array([colour, colour, colour, 0]),
    ...{ width: 1, height: 1, masked: [], windows: [WINDOW], isComposited: false },
  });

const look = (colour: number) => sights.look({ display: DISPLAY, take: showing(colour), signal });

test('programs are asked again about a picture until it has been the same for a while, and then no more', async () => {
  await look(1);
  vi.advanceTimersByTime(1000);
  await look(1);
  expect(asked).toBe(2);
  vi.advanceTimersByTime(1500);
  await look(1);
  expect(asked).toBe(3);
  await look(1);
  expect(asked).toBe(3);
});

test('a caret that comes and goes is two pictures that are both known', async () => {
  for (const colour of [1, 2]) await look(colour);
  vi.advanceTimersByTime(2500);
  for (const colour of [1, 2]) await look(colour);
  expect(asked).toBe(4);
  for (const colour of [1, 2, 1, 2]) await look(colour);
  expect(asked).toBe(4);
});

test('a picture that was long ago is asked about again', async () => {
  await look(1);
  vi.advanceTimersByTime(2500);
  await look(1);
  for (let other = 2; other < 12; other++) await look(other);
  const before = asked;
  await look(1);
  expect(asked).toBe(before + 1);
});
