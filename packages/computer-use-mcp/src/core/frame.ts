import { area, intersection, type Point, type Rect, type Size } from './geometry.ts';

/** The vision models' patch: a picture costs one token for each patch it touches. */
const PATCH = 28;

/**
 * One display, in the units that pointer actions take. Rotation is the system's affair: width is what a person sees
 * as width. The origin is negative for displays left of or above the main one.
 */
export interface Display extends Rect {
  readonly name: string;
  /** Captured pixels for one unit. */
  readonly scale: number;
}

/** One picture that was given to the agent, and how its pixels relate to the display's units. */
export interface Frame {
  readonly id: string;
  readonly display: Display;
  readonly image: Size;
}

/** How large the picture of a whole display is when it is taken. */
export const capturedSize = ({ width, height, scale }: Display): Size => ({
  width: Math.round(width * scale),
  height: Math.round(height * scale),
});

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

/** A point of the picture as a point of the desktop: the middle of what that point covers. */
export function toScreen({ display, image }: Frame, { x, y }: Point): Point {
  return {
    x: display.x + Math.min(display.width - 1, Math.floor(((x + 0.5) * display.width) / image.width)),
    y: display.y + Math.min(display.height - 1, Math.floor(((y + 0.5) * display.height) / image.height)),
  };
}

/** A point of the desktop as a point of the picture, which is outside of the picture for other displays. */
export function toImage({ display, image }: Frame, { x, y }: Point): Point {
  return {
    x: Math.floor(((x - display.x + 0.5) * image.width) / display.width),
    y: Math.floor(((y - display.y + 0.5) * image.height) / display.height),
  };
}

/** A rectangle of the desktop in the picture's pixels. */
export function rectToImage(frame: Frame, rect: Rect): Rect {
  const from = toImage(frame, rect);
  const to = toImage(frame, { x: rect.x + rect.width, y: rect.y + rect.height });
  return { x: from.x, y: from.y, width: to.x - from.x, height: to.y - from.y };
}

/** A rectangle of the picture, from one corner to before the other, as the part of the desktop under it. */
export function rectToScreen({ display, image }: Frame, [from, to]: readonly [Point, Point]): Rect {
  const x = Math.floor((from.x * display.width) / image.width);
  const y = Math.floor((from.y * display.height) / image.height);
  return {
    x: display.x + x,
    y: display.y + y,
    width: Math.ceil((to.x * display.width) / image.width) - x,
    height: Math.ceil((to.y * display.height) / image.height) - y,
  };
}

/** A part of the display as the captured pixels that it touches. */
export function capturePart(display: Display, part: Rect): Rect {
  const { scale } = display;
  const captured = capturedSize(display);
  const x = Math.floor((part.x - display.x) * scale);
  const y = Math.floor((part.y - display.y) * scale);
  return {
    x,
    y,
    width: Math.min(captured.width, Math.ceil((part.x - display.x + part.width) * scale)) - x,
    height: Math.min(captured.height, Math.ceil((part.y - display.y + part.height) * scale)) - y,
  };
}

/** The display that most of a rectangle is on; `null` when it is on none. */
export function displayOf(rect: Rect, displays: readonly Display[]): Display | null {
  const shares = displays.map((display) => {
    const common = intersection(rect, display);
    return { display, share: common === null ? 0 : area([common]) };
  });
  const largest = Math.max(0, ...shares.map(({ share }) => share));
  return shares.find(({ share }) => share > 0 && share === largest)?.display ?? null;
}

/** The largest size of the same shape that fits into `room`. */
export function fitInto(size: Size, room: Size): Size {
  const scale = Math.min(room.width / size.width, room.height / size.height);
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}

/** The pixels of the picture that show anything of a part of the desktop; `null` for a part of other displays. */
export function coveringRect({ display, image }: Frame, part: Rect): Rect | null {
  const shown = intersection(part, display);
  if (shown === null) return null;
  const [across, down] = [image.width / display.width, image.height / display.height];
  const left = Math.floor((shown.x - display.x) * across);
  const top = Math.floor((shown.y - display.y) * down);
  const right = Math.ceil((shown.x - display.x + shown.width) * across);
  const bottom = Math.ceil((shown.y - display.y + shown.height) * down);
  return { x: left, y: top, width: right - left, height: bottom - top };
}
