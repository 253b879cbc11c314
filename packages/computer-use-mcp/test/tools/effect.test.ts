import { expect, test } from 'vitest';
import type { Frame } from '../../src/core/frame.ts';
import { describeEffect, type Effect } from '../../src/tools/effect.ts';

/** A picture half as large as its display, which stands right of another one. */
const frame: Frame = {
  id: 'f1',
  display: { name: 'right', x: 1000, y: 0, width: 800, height: 600, scale: 1 },
  image: { width: 400, height: 300 },
};
const session = { frame: () => Promise.resolve(frame) };

const changed = (x: number, width: number, isAtRest = true): Effect => ({
  effect: 'changed',
  rect: { x, y: 21, width, height: 20 },
  isAtRest,
});

test.each<[what: string, effect: Effect, text: RegExp, structured: object]>([
  [
    'a change, in all the pixels of the picture that show some of it',
    changed(1101, 100),
    /^The screen changed in \[50, 10, 101, 21\]\.$/,
    { effect: 'changed', changed: { x: 50, y: 10, width: 51, height: 11 } },
  ],
  [
    'one that goes on',
    changed(1101, 100, false),
    /^The screen changed in \[50, 10, 101, 21\] and is still changing\.$/,
    { effect: 'changed', changed: { x: 50, y: 10, width: 51, height: 11 }, stillChanging: true },
  ],
  [
    'one that may be a caret',
    changed(1101, 2),
    /^The screen changed in \[50, 10, 52, 21\], which may be a blinking caret\.$/,
    { effect: 'changed', changed: { x: 50, y: 10, width: 2, height: 11 } },
  ],
  [
    'one that is half on another display',
    changed(950, 100),
    /^The screen changed in \[0, 10, 25, 21\]\.$/,
    { effect: 'changed', changed: { x: 0, y: 10, width: 25, height: 11 } },
  ],
  [
    'one on another display',
    changed(20, 100),
    /^The screen changed on another display \(switch_display\)\.$/,
    { effect: 'changed' },
  ],
  ['none', { effect: 'none' }, /^Nothing changed on the screen: .*wait_for_change/, { effect: 'none' }],
  ['an unknown one', { effect: 'unknown' }, /^It is unknown whether/, { effect: 'unknown' }],
])('an answer tells %s', async (_what, effect, text, structured) => {
  const described = await describeEffect(session, effect);
  expect(described.text).toMatch(text);
  expect(described.structured).toEqual(structured);
});
