import { grown, intersection, type Point, type Rect, type Size } from './geometry.ts';

/** What a program says of the place of one of its password fields, in its own measure. */
export interface FieldPlace {
  readonly pid: number;
  /** From where the inside of its window begins. */
  readonly inWindow: Rect | null;
  readonly onScreen: Rect | null;
  /** How large the windows of the program are. */
  readonly frames: readonly Size[];
}

/** A window of a program at the moment of a picture, in pixels of the desktop. */
export interface SeenWindow {
  readonly pid: number;
  readonly at: Point;
  readonly size: Size;
  readonly visible: readonly Rect[];
}

/** Pixels that one unit of a program may stand for. */
const SCALES = [1, 2, 3];
/** Frames and focus rings are outside of what programs tell. */
const MARGIN = 6;
/** How far the smaller of two outlines of one window may be from the larger: borders and shadows. */
const SAME_SIZE = 0.7;
/** Title bars and borders that a program may count to its window or not. */
const SAME_PLACE = 48;

/**
 * Where a field can be in a picture. When what the program says of the window and of the screen agrees for one of
 * its windows, there; else in every place that it may mean. Never outside of what can be seen of its own windows.
 */
export function placesOf(field: FieldPlace, windows: readonly SeenWindow[]): readonly Rect[] {
  const own = windows.filter(({ pid }) => pid === field.pid);
  const fitting = SCALES.find((scale) => own.some((window) => isOneOf(field.frames, window, scale)));
  const scales = fitting === undefined ? SCALES : [fitting];
  const agreed = scales.flatMap((scale) => own.flatMap((window) => agreedPlaces(field, window, scale)));
  if (agreed.length > 0) return agreed;
  return scales.flatMap((scale) =>
    own.flatMap((window) => {
      const claims = [
        ...(field.onScreen === null ? [] : [scaled(field.onScreen, scale)]),
        ...(field.inWindow === null ? [] : [moved(scaled(field.inWindow, scale), window.at)]),
      ];
      return claims.flatMap((claim) => inside(claim, window));
    }),
  );
}

const isOneOf = (frames: readonly Size[], { size }: SeenWindow, scale: number): boolean =>
  frames.some(
    ({ width, height }) => isNear(width * scale, size.width) && isNear(height * scale, size.height),
  );

const isNear = (a: number, b: number): boolean => Math.min(a, b) / Math.max(a, b) >= SAME_SIZE;

function agreedPlaces(
  { inWindow, onScreen }: FieldPlace,
  window: SeenWindow,
  scale: number,
): readonly Rect[] {
  if (inWindow === null || onScreen === null) return [];
  const byWindow = moved(scaled(inWindow, scale), window.at);
  const byScreen = scaled(onScreen, scale);
  const distance = Math.max(Math.abs(byWindow.x - byScreen.x), Math.abs(byWindow.y - byScreen.y));
  return distance <= SAME_PLACE ? [byWindow, byScreen].flatMap((rect) => inside(rect, window)) : [];
}

const inside = (rect: Rect, { visible }: SeenWindow): readonly Rect[] =>
  visible.flatMap((part) => intersection(grown(rect, MARGIN), part) ?? []);

const scaled = ({ x, y, width, height }: Rect, by: number): Rect => ({
  x: x * by,
  y: y * by,
  width: width * by,
  height: height * by,
});

const moved = (rect: Rect, by: Point): Rect => ({ ...rect, x: rect.x + by.x, y: rect.y + by.y });
