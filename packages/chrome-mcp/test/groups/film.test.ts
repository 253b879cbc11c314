import { expect, test } from 'vitest';
import { filmOf, MOST_SHOTS, withShot, type Shot } from '../../src/groups/recording/film.ts';

const shot = (at: number): Shot => ({ at, png: Buffer.alloc(0), cssWidth: 100 });

test('pictures show until the next one, what stands still not longer than two seconds', () => {
  const film = filmOf([shot(0), shot(10), shot(500), shot(9_000)], []);
  expect(film.map(({ shot: { at }, shows }) => [at, shows])).toEqual([
    ...[
      [0, 40],
      [10, 490],
      [500, 2_000],
    ],
    [9_000, 1_500],
  ]);
});

test('a press is marked in a picture of its own, and in those of the next moments', () => {
  const press = { at: 100, x: 1, y: 2 };
  const film = filmOf([shot(0), shot(300), shot(900)], [press]);
  expect(film.map(({ shot: { at }, presses }) => [at, presses.length])).toEqual([
    ...[
      [0, 0],
      [0, 1],
      [300, 1],
    ],
    ...[
      [300, 0],
      [900, 0],
    ],
  ]);
});

test('of too many pictures every second one is let go', () => {
  let shots: readonly Shot[] = [];
  for (let at = 0; at <= MOST_SHOTS; at++) shots = withShot(shots, shot(at));
  expect(shots).toHaveLength(MOST_SHOTS / 2 + 1);
  expect(shots.slice(0, 3).map(({ at }) => at)).toEqual([0, 2, 4]);
});
