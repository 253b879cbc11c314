import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, type Rect } from '../../src/core/geometry.ts';
import { differences, viewOf, type Pane } from '../../src/core/visible.ts';

const SIZE = 20;
const screen: Rect = { x: 0, y: 0, width: SIZE, height: SIZE };

const rect = fc.record({
  x: fc.integer({ min: -6, max: SIZE }),
  y: fc.integer({ min: -6, max: SIZE }),
  width: fc.integer({ min: 1, max: SIZE }),
  height: fc.integer({ min: 1, max: SIZE }),
});

const pane = fc.record({ rect, shown: fc.boolean(), translucent: fc.boolean() });

/** Windows 1, 2, ... in any order. */
const panes: fc.Arbitrary<readonly Pane[]> = fc.array(pane, { maxLength: 5 }).chain((made) => {
  const all = made.map(({ rect: outline, ...rest }, index): Pane => ({
    ...rest,
    window: index + 1,
    at: { x: outline.x, y: outline.y },
    outline: [outline],
  }));
  return fc.shuffledSubarray(all);
});

const pixels = Array.from({ length: SIZE * SIZE }, (_, i) => ({ x: i % SIZE, y: Math.floor(i / SIZE) }));

/** The definition, one pixel at a time: all that shines through to it, and where its windows begin. */
function lookOf(stack: readonly Pane[], x: number, y: number): string {
  const seen: string[] = [];
  for (const { window, at, outline, shown, translucent } of stack.toReversed()) {
    if (!outline.some((part) => contains(part, { x, y }))) continue;
    if (!shown) return 'black';
    seen.push(`${window} at ${at.x} ${at.y} of ${outline[0]?.width} x ${outline[0]?.height}`);
    if (!translucent) break;
  }
  return seen.join(', ');
}

test('of each shown window the parts that can be seen are exactly those that nothing covers', () => {
  fc.assert(
    fc.property(panes, (stack) => {
      const view = viewOf(stack, screen);
      const wrong = pixels.filter(({ x, y }) => {
        const look = lookOf(stack, x, y);
        return stack.some(({ window, shown }) => {
          const parts = view.panes.get(window)?.parts ?? [];
          const isSeen = shown && look.split(', ').some((one) => one.startsWith(`${window} at`));
          return parts.filter((part) => contains(part, { x, y })).length !== (isSeen ? 1 : 0);
        });
      });
      expect(wrong).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('two views differ wherever a pixel shows something else, and nowhere else', () => {
  fc.assert(
    fc.property(panes, panes, (before, after) => {
      const changed = differences(viewOf(before, screen), viewOf(after, screen));
      const wrong = pixels.filter(({ x, y }) => {
        const isOther = lookOf(before, x, y) !== lookOf(after, x, y);
        return changed.some((part) => contains(part, { x, y })) !== isOther;
      });
      expect(wrong).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

describe('a hidden window', () => {
  const hidden = (window: number, outline: Rect): Pane => ({
    window,
    at: { x: outline.x, y: outline.y },
    outline: [outline],
    shown: false,
    translucent: false,
  });
  const place = { x: 2, y: 2, width: 6, height: 6 };

  test('has no parts that could be watched', () => {
    expect(viewOf([hidden(1, place)], screen).panes).toEqual(new Map());
  });

  test('that moves inside of another hidden one changes nothing', () => {
    const wall = hidden(1, { x: 0, y: 0, width: 15, height: 15 });
    const before = viewOf([wall, hidden(2, place)], screen);
    const after = viewOf([wall, hidden(2, { ...place, x: 5 })], screen);
    expect(differences(before, after)).toEqual([]);
  });
});
