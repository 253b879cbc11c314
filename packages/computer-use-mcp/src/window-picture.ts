import { capturePart, type Display } from './core/frame.ts';
import { area, intersection, type Rect } from './core/geometry.ts';
import type { Capture } from './desktop/desktop.ts';

const WHITE = 255;

/** A window alone, as far as it can be seen. */
export interface WindowPicture extends Pick<Capture, 'pixels' | 'width' | 'height'> {
  /** Of its inside, from 0 to 1. */
  readonly visibleShare: number;
}

/** Cuts a window out of a capture of a display, with white where anything else is; `null` when nothing of it shows. */
export function windowPicture(capture: Capture, display: Display, window: number): WindowPicture | null {
  const seen = capture.windows.find((candidate) => candidate.window === window);
  if (seen === undefined) return null;
  const inside = { ...seen.at, ...seen.size };
  const whole = intersection(inside, display);
  const parts = seen.visible.flatMap((part) => intersection(part, whole ?? NOTHING) ?? []);
  if (whole === null || parts.length === 0) return null;
  const to = capturePart(display, whole);
  const pixels = new Uint8Array(to.width * to.height * 4).fill(WHITE);
  for (const part of parts) {
    const from = capturePart(display, part);
    for (let y = from.y; y < from.y + from.height; y++) {
      const start = (y * capture.width + from.x) * 4;
      const row = capture.pixels.subarray(start, start + from.width * 4);
      pixels.set(row, ((y - to.y) * to.width + from.x - to.x) * 4);
    }
  }
  const { width, height } = to;
  return { pixels, width, height, visibleShare: area(parts) / area([inside]) };
}

const NOTHING: Rect = { x: 0, y: 0, width: 0, height: 0 };
