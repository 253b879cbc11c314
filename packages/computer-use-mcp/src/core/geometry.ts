export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const contains = (rect: Rect, { x, y }: Point): boolean =>
  x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;

/** The common part of two rectangles, or `null`. */
export function intersection(a: Rect, b: Rect): Rect | null {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const right = Math.min(a.x + a.width, b.x + b.width);
  const bottom = Math.min(a.y + a.height, b.y + b.height);
  return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : null;
}

/** What is left of `rect` without `hole`: up to four rectangles that do not overlap. */
export function without(rect: Rect, hole: Rect): readonly Rect[] {
  const cut = intersection(rect, hole);
  if (cut === null) return [rect];
  const right = rect.x + rect.width;
  const bottom = rect.y + rect.height;
  const cutRight = cut.x + cut.width;
  const cutBottom = cut.y + cut.height;
  return [
    { x: rect.x, y: rect.y, width: rect.width, height: cut.y - rect.y },
    { x: rect.x, y: cutBottom, width: rect.width, height: bottom - cutBottom },
    { x: rect.x, y: cut.y, width: cut.x - rect.x, height: cut.height },
    { x: cutRight, y: cut.y, width: right - cutRight, height: cut.height },
  ].filter((part) => part.width > 0 && part.height > 0);
}

export const area = (rects: readonly Rect[]): number =>
  rects.reduce((sum, rect) => sum + rect.width * rect.height, 0);

/** The smallest rectangle around some others. */
export function around(rects: readonly [Rect, ...Rect[]]): Rect {
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** A rectangle that is larger by `margin` on each side. */
export const grown = ({ x, y, width, height }: Rect, margin: number): Rect => ({
  x: x - margin,
  y: y - margin,
  width: width + 2 * margin,
  height: height + 2 * margin,
});
