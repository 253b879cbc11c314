import { intersection, type Rect } from '../core/geometry.ts';
import type { Capture } from './desktop.ts';
import { DesktopBusy } from './failure.ts';

/** The part of a capture inside `area`. @throws DesktopBusy when it is not on the screen any more */
export function partOf({ pixels, width, height, masked, ...rest }: Capture, area: Rect): Capture {
  const inside = intersection(area, { x: 0, y: 0, width, height });
  if (inside === null) throw new DesktopBusy('the part is not on the screen any more');
  const part = new Uint8Array(inside.width * inside.height * 4);
  for (let row = 0; row < inside.height; row++) {
    const from = ((inside.y + row) * width + inside.x) * 4;
    part.set(pixels.subarray(from, from + inside.width * 4), row * inside.width * 4);
  }
  const moved = masked.flatMap((rect) => intersection(rect, inside) ?? []);
  return {
    ...rest,
    pixels: part,
    width: inside.width,
    height: inside.height,
    masked: moved.map((rect) => ({ ...rect, x: rect.x - inside.x, y: rect.y - inside.y })),
  };
}
