import type { Point } from '../../core/geometry.ts';
import type { XConnection } from './connection.ts';

/** Windows from the root's child down to the deepest one that is meant. */
export type Path = readonly number[];

/** Deeper trees than this are not followed; no toolkit nests so far. */
const MAX_DEPTH = 64;
const MAX_REMEMBERED = 256;

/**
 * Finds ways through the tree of windows. What was found last time is asked about at once, all levels together, and
 * followed as far as the answers bear it out; so a way that did not change costs one round trip.
 */
export class Paths {
  /** The window that was in front last time, to ask about before it is known who is in front now. */
  lastFront: number | null = null;
  #lastPointed: Path = [];
  readonly #known = new Map<number, Path>();

  /** The way to what was pointed at last time, to ask about before it is known what is pointed at now. */
  get lastPointed(): Path {
    return this.#lastPointed;
  }

  /** Hit test by the outline and the input shape of each window, as the server itself does it. */
  async at(x: XConnection, point: Point): Promise<Path> {
    const path = await follow(x, this.#lastPointed, (window) => childAt(x, window, point));
    if (path.length > 0) this.#lastPointed = path;
    return path;
  }

  /** The way to the window that the pointer is in, by the same test; it is where it was pointed last time. */
  underPointer(x: XConnection): Promise<Path> {
    return follow(x, this.#lastPointed, (window) => childUnderPointer(x, window));
  }

  /** From the root's child down to `window`; empty when it is gone or too deep. */
  async of(x: XConnection, window: number): Promise<Path> {
    const guess = this.#known.get(window) ?? [];
    const parents = await Promise.all(guess.map((known) => parentOf(x, known)));
    const isRight =
      guess.length > 0 && guess.every((_, level) => parents[level] === (guess[level - 1] ?? x.root));
    if (isRight) return guess;
    const path = await climb(x, window);
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(window, path);
    return path;
  }
}

/** Goes down from the root by `childOf`, which says 0 at the end; empty when the end is too deep to be known. */
async function follow(
  x: XConnection,
  guess: Path,
  childOf: (window: number) => Promise<number>,
): Promise<Path> {
  const hits = await Promise.all([x.root, ...guess].map(childOf));
  const path: number[] = [];
  for (const [level, child] of hits.entries()) {
    if (child === 0) return path;
    path.push(child);
    if (guess[level] !== child) break;
  }
  while (path.length < MAX_DEPTH) {
    const child = await childOf(path.at(-1) ?? x.root);
    if (child === 0) return path;
    path.push(child);
  }
  return [];
}

/** From a window of the root, which the point is in, down to the deepest one that it is in. */
export async function pathWithin(x: XConnection, window: number, point: Point): Promise<Path> {
  const path = [window];
  while (path.length < MAX_DEPTH) {
    const child = await childAt(x, path.at(-1) ?? window, point);
    if (child === 0) return path;
    path.push(child);
  }
  return [];
}

async function climb(x: XConnection, window: number): Promise<Path> {
  const path: number[] = [];
  let current = window;
  while (current !== x.root) {
    if (path.length === MAX_DEPTH) return [];
    path.unshift(current);
    const parent = await parentOf(x, current);
    if (parent === 0) return [];
    current = parent;
  }
  return path;
}

/** 0 when there is none, or the window is gone. */
async function childAt(x: XConnection, window: number, point: Point): Promise<number> {
  const hit = await x.askOfWindow<{ readonly child: number }>((reply) =>
    x.client.TranslateCoordinates(x.root, window, point.x, point.y, reply),
  );
  return hit?.child ?? 0;
}

/** 0 when there is none, or the window is gone. */
async function childUnderPointer(x: XConnection, window: number): Promise<number> {
  const pointer = await x.askOfWindow<{ readonly child: number }>((reply) =>
    x.client.QueryPointer(window, reply),
  );
  return pointer?.child ?? 0;
}

/** 0 when the window is gone. */
async function parentOf(x: XConnection, window: number): Promise<number> {
  const tree = await x.askOfWindow<{ readonly parent: number }>((reply) => x.client.QueryTree(window, reply));
  return tree?.parent ?? 0;
}
