import type { Rect } from '../core/geometry.ts';

interface Placed {
  readonly rect: Rect | null;
}

/**
 * Row after row and from the left, because programs often tell things in the order in which they made them. As
 * told when some have no place.
 */
export function readingOrder<T extends Placed>(things: readonly T[]): readonly T[] {
  const placed = things.flatMap((thing) => (thing.rect === null ? [] : [{ thing, rect: thing.rect }]));
  if (placed.length < things.length) return things;
  const rows: { readonly middle: number; readonly things: typeof placed }[] = [];
  for (const one of placed.toSorted((a, b) => a.rect.y - b.rect.y)) {
    const row = rows.at(-1);
    if (row !== undefined && one.rect.y < row.middle) row.things.push(one);
    else rows.push({ middle: one.rect.y + one.rect.height / 2, things: [one] });
  }
  return rows.flatMap((row) => row.things.toSorted((a, b) => a.rect.x - b.rect.x)).map(({ thing }) => thing);
}
