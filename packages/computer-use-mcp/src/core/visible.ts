import { intersection, without, type Point, type Rect } from './geometry.ts';
import { maskOf, type Layer } from './redaction.ts';

/** A layer that can be told from the others from one look to the next. */
export interface Pane extends Layer {
  readonly window: number;
  /** Where its inside begins on the screen. */
  readonly at: Point;
}

/** What a picture shows of the windows: of each one that is shown its parts that can be seen, and what is black. */
export interface View {
  readonly panes: ReadonlyMap<number, { readonly pane: Pane; readonly parts: readonly Rect[] }>;
  readonly black: readonly Rect[];
}

/** What is left of some rectangles without others. */
export const lessAll = (parts: readonly Rect[], holes: readonly Rect[]): readonly Rect[] =>
  holes.reduce((rest, hole) => rest.flatMap((part) => without(part, hole)), parts);

/** For panes from the bottom to the top. */
export function viewOf(panes: readonly Pane[], screen: Rect): View {
  const black = maskOf(panes, screen);
  const seen = new Map<number, { readonly pane: Pane; readonly parts: readonly Rect[] }>();
  let covered = black;
  for (const pane of panes.toReversed()) {
    if (!pane.shown) continue;
    const outline = pane.outline.flatMap((rect) => intersection(rect, screen) ?? []);
    seen.set(pane.window, { pane, parts: lessAll(outline, covered) });
    if (!pane.translucent) covered = [...covered, ...outline];
  }
  return { panes: seen, black };
}

/** Where two views show different windows, or the same window at another place; the rectangles can overlap. */
export function differences(before: View, after: View): readonly Rect[] {
  const windows = new Set([...before.panes.keys(), ...after.panes.keys()]);
  const ofPanes = [...windows].flatMap((window) => {
    const [old, now] = [before.panes.get(window), after.panes.get(window)];
    if (old === undefined || now === undefined || !isSamePlace(old.pane, now.pane)) {
      return [...(old?.parts ?? []), ...(now?.parts ?? [])];
    }
    return eitherNotBoth(old.parts, now.parts);
  });
  return [...ofPanes, ...eitherNotBoth(before.black, after.black)];
}

const eitherNotBoth = (a: readonly Rect[], b: readonly Rect[]): readonly Rect[] => [
  ...lessAll(a, b),
  ...lessAll(b, a),
];

const isSamePlace = (a: Pane, b: Pane): boolean =>
  JSON.stringify([a.at, a.outline]) === JSON.stringify([b.at, b.outline]);
