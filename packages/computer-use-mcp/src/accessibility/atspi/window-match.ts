import { area, intersection, type Rect } from '../../core/geometry.ts';
import type { ReadWindow } from '../accessibility.ts';
import type { Coordinates } from './program.ts';

/** A top level of a program, with its outline in the program's own measure. */
export interface TopLevel {
  readonly path: string;
  readonly title: string;
  readonly onScreen: Rect | null;
}

/** How a program's measure becomes pixels of the screen. */
export interface Placement {
  readonly by: Coordinates;
  readonly scale: number;
  readonly origin: { readonly x: number; readonly y: number };
  /** False when the outlines differ, so that places can be off by a shadow or a border. */
  readonly isExact: boolean;
}

export interface Match {
  readonly path: string;
  readonly placement: Placement;
}

const SCALES = [1, 2, 3];
/** Share of the smaller outline that lies in the larger one, when both are of one window. */
const SAME_SHARE = 0.9;
/** Shadows and a title bar on both sides together. */
const MAX_BORDER = 160;

/**
 * Which top level is the window. Programs that know where they are on the screen are matched by place, those that
 * put themselves at the origin by size and title. `null` when none is or several could be.
 */
export function matchWindow(window: ReadWindow, tops: readonly TopLevel[]): Match | null {
  for (const scale of SCALES) {
    const placed = tops.filter((top) => isPlacedAt(top, scale, window));
    const match = one(placed, window);
    if (match !== null)
      return {
        path: match.path,
        placement: { by: 'screen', scale, origin: { x: 0, y: 0 }, isExact: true },
      };
    if (placed.length > 0) return null;
  }
  return matchBySize(window, tops);
}

function isPlacedAt({ onScreen, title }: TopLevel, scale: number, window: ReadWindow): boolean {
  if (onScreen === null || (scale > 1 && title !== window.title)) return false;
  const { rect } = window;
  const outline = scaled(onScreen, scale);
  // at the origin without decorations: it may not know where it is
  const isLost = (rect.x !== 0 || rect.y !== 0) && fits(outline, rect);
  return !isLost && areOne(outline, rect);
}

function matchBySize(window: ReadWindow, tops: readonly TopLevel[]): Match | null {
  const { rect, title } = window;
  for (const scale of SCALES) {
    const fitting = tops.filter((top) => {
      if (top.onScreen === null) return false;
      const outline = scaled(top.onScreen, scale);
      return fits(outline, rect) && (top.title === title || isAsLarge(outline, rect));
    });
    const match = one(fitting, window);
    if (match?.onScreen == null) continue;
    const isExact = isAsLarge(scaled(match.onScreen, scale), rect);
    return { path: match.path, placement: { by: 'window', scale, origin: rect, isExact } };
  }
  return null;
}

/** The only one, or the only one with the window's title. */
function one(tops: readonly TopLevel[], { title }: ReadWindow): TopLevel | null {
  if (tops.length <= 1) return tops[0] ?? null;
  const titled = tops.filter((top) => top.title === title);
  return titled.length === 1 ? (titled[0] ?? null) : null;
}

const scaled = ({ x, y, width, height }: Rect, scale: number): Rect => ({
  x: x * scale,
  y: y * scale,
  width: width * scale,
  height: height * scale,
});

function areOne(a: Rect, b: Rect): boolean {
  const common = intersection(a, b);
  const smaller = Math.min(area([a]), area([b]));
  return (
    common !== null &&
    area([common]) / smaller >= SAME_SHARE &&
    Math.abs(a.width - b.width) <= MAX_BORDER &&
    Math.abs(a.height - b.height) <= MAX_BORDER
  );
}

const isAsLarge = (a: Rect, b: Rect): boolean => a.width === b.width && a.height === b.height;

const fits = (top: Rect, window: Rect): boolean =>
  top.x === 0 &&
  top.y === 0 &&
  top.width <= window.width &&
  top.height <= window.height &&
  window.width - top.width <= MAX_BORDER &&
  window.height - top.height <= MAX_BORDER;

/** A rectangle of the program in pixels of the screen. */
export function toPixels(rect: Rect, { scale, origin }: Placement): Rect {
  const { x, y, width, height } = scaled(rect, scale);
  return { x: x + origin.x, y: y + origin.y, width, height };
}

/** The inverse of `toPixels`. */
export const toProgram = ({ x, y, width, height }: Rect, { scale, origin }: Placement): Rect =>
  scaled({ x: x - origin.x, y: y - origin.y, width, height }, 1 / scale);
