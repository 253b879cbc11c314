import { intersection, without, type Rect } from './geometry.ts';

/** One window as the picture shows it, in stacking order. */
export interface Layer {
  /** The visible outline: several rectangles when the window is shaped. */
  readonly outline: readonly Rect[];
  readonly shown: boolean;
  /** What is below can shine through, so this layer hides nothing. */
  readonly translucent: boolean;
}

/**
 * The parts of the screen to blacken, for layers from the bottom to the top. A hidden window is black wherever
 * no shown and opaque window covers it; the result does not overlap itself.
 */
export function maskOf(layers: readonly Layer[], screen: Rect): readonly Rect[] {
  let mask: readonly Rect[] = [];
  for (const layer of layers) {
    const outline = layer.outline.flatMap((rect) => intersection(rect, screen) ?? []);
    if (layer.shown && layer.translucent) continue;
    for (const rect of outline) {
      mask = mask.flatMap((part) => without(part, rect));
      if (!layer.shown) mask = [...mask, rect];
    }
  }
  return mask;
}

/** The rectangles without what they have in common with those before them. */
export const apart = (rects: readonly Rect[]): readonly Rect[] =>
  rects.reduce<readonly Rect[]>(
    (before, rect) => [
      ...before,
      ...before.reduce<readonly Rect[]>((rest, hole) => rest.flatMap((part) => without(part, hole)), [rect]),
    ],
    [],
  );

/** Blackens `mask` in a picture of `width` pixels a row, four bytes a pixel. */
export function blacken(pixels: Uint8Array, width: number, mask: readonly Rect[]): void {
  for (const rect of mask) {
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      const start = (y * width + rect.x) * 4;
      pixels.fill(0, start, start + rect.width * 4);
    }
  }
}
