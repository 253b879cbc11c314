import type { Rect, Size } from '../core/geometry.ts';

interface Pixels extends Size {
  /** Four bytes each. */
  readonly pixels: Uint8Array;
}

const BYTES = 4;

/** The rectangle around the pixels that differ; all of them in pictures of different sizes, `null` when none does. */
export function differenceOf(before: Pixels, after: Pixels): Rect | null {
  const { width, height } = after;
  if (before.width !== width || before.height !== height) return { x: 0, y: 0, width, height };
  let [left, top, right, bottom] = [width, -1, 0, -1];
  for (let row = 0; row < height; row++) {
    const [start, end] = [row * width * BYTES, (row + 1) * width * BYTES];
    const [a, b] = [before.pixels.subarray(start, end), after.pixels.subarray(start, end)];
    if (Buffer.compare(a, b) === 0) continue;
    if (top === -1) top = row;
    bottom = row + 1;
    left = Math.min(left, Math.floor(a.findIndex((byte, at) => byte !== b[at]) / BYTES));
    right = Math.max(right, Math.floor(a.findLastIndex((byte, at) => byte !== b[at]) / BYTES) + 1);
  }
  return top === -1 ? null : { x: left, y: top, width: right - left, height: bottom - top };
}
