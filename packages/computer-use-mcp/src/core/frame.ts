import type { Point, Rect, Size } from './geometry.ts';

/** The vision models' patch: a picture costs one token for each patch it touches. */
const PATCH = 28;

/** One picture that was given to the agent, and how its pixels relate to the screen's. */
export interface Frame {
  readonly id: string;
  readonly screen: Size;
  readonly image: Size;
}

const patches = ({ width, height }: Size): number => Math.ceil(width / PATCH) * Math.ceil(height / PATCH);

const scaled = (screen: Size, scale: number): Size => ({
  width: Math.max(1, Math.floor(screen.width * scale)),
  height: Math.max(1, Math.floor(screen.height * scale)),
});

/** The largest picture of `screen` that costs at most `budget` patches; never enlarged. */
export function fitToBudget(screen: Size, budget: number): Size {
  if (patches(screen) <= budget) return screen;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 24; step++) {
    const middle = (low + high) / 2;
    if (patches(scaled(screen, middle)) <= budget) low = middle;
    else high = middle;
  }
  return scaled(screen, low);
}

/** A point of the picture as a pixel of the screen: the middle of what that point covers. */
export function toScreen({ screen, image }: Frame, { x, y }: Point): Point {
  return {
    x: Math.min(screen.width - 1, Math.floor(((x + 0.5) * screen.width) / image.width)),
    y: Math.min(screen.height - 1, Math.floor(((y + 0.5) * screen.height) / image.height)),
  };
}

/** A pixel of the screen as a point of the picture: the inverse of `toScreen`. */
export function toImage({ screen, image }: Frame, { x, y }: Point): Point {
  return {
    x: Math.floor(((x + 0.5) * image.width) / screen.width),
    y: Math.floor(((y + 0.5) * image.height) / screen.height),
  };
}

/** A rectangle of the screen in the picture's pixels. */
export function rectToImage(frame: Frame, rect: Rect): Rect {
  const from = toImage(frame, rect);
  const to = toImage(frame, { x: rect.x + rect.width, y: rect.y + rect.height });
  return { x: from.x, y: from.y, width: to.x - from.x, height: to.y - from.y };
}

/** A rectangle of the picture, from one corner to before the other, as the pixels of the screen under it. */
export function rectToScreen({ screen, image }: Frame, [from, to]: readonly [Point, Point]): Rect {
  const x = Math.floor((from.x * screen.width) / image.width);
  const y = Math.floor((from.y * screen.height) / image.height);
  return {
    x,
    y,
    width: Math.ceil((to.x * screen.width) / image.width) - x,
    height: Math.ceil((to.y * screen.height) / image.height) - y,
  };
}

/** The largest size of the same shape that fits into `room`. */
export function fitInto(size: Size, room: Size): Size {
  const scale = Math.min(room.width / size.width, room.height / size.height);
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}
