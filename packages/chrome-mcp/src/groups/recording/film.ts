/** A picture of the page as it was from a moment on. */
export interface Shot {
  /** Milliseconds of the clock. */
  readonly at: number;
  readonly png: Buffer;
  /** CSS pixels that its width stands for. */
  readonly cssWidth: number;
}

/** A press of the pointer, in CSS pixels of the viewport. */
export interface Press {
  readonly at: number;
  readonly x: number;
  readonly y: number;
}

/** A picture with how long it shows and the presses that are marked in it. */
export interface FilmFrame {
  readonly shot: Shot;
  /** Milliseconds. */
  readonly shows: number;
  readonly presses: readonly Press[];
}

/** How many pictures are kept; when there are more every second one is let go. */
export const MOST_SHOTS = 100;
/** For how long a press is marked. */
const MARKED_MS = 600;
const SHORTEST_MS = 40;
/** What stands still longer is not waited for. */
const LONGEST_MS = 2_000;
const LAST_MS = 1_500;

/** Adds a picture, and lets every second one go when they are too many. */
export function withShot(shots: readonly Shot[], shot: Shot): readonly Shot[] {
  const kept = shots.length < MOST_SHOTS ? shots : shots.filter((_, index) => index % 2 === 0);
  return [...kept, shot];
}

/** The pictures in order, with one more wherever a press would else not be seen. */
export function filmOf(shots: readonly Shot[], presses: readonly Press[]): readonly FilmFrame[] {
  const moments = [
    ...new Set([...shots.map(({ at }) => at), ...presses.flatMap(({ at }) => [at, at + MARKED_MS])]),
  ]
    .filter((at) => at >= (shots[0]?.at ?? Infinity))
    .sort((a, b) => a - b);
  return moments.flatMap((at, index) => {
    const shot = shots.findLast((one) => one.at <= at);
    if (shot === undefined) return [];
    const next = moments[index + 1];
    const shows = next === undefined ? LAST_MS : Math.min(LONGEST_MS, Math.max(SHORTEST_MS, next - at));
    const marked = presses.filter((press) => press.at <= at && at < press.at + MARKED_MS);
    return [{ shot, shows, presses: marked }];
  });
}
