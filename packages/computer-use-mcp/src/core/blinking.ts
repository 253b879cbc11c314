import type { Rect } from './geometry.ts';

/** A place that changed, and the window that drew there; no window when it is the windows themselves that moved. */
export interface Spot {
  readonly window: number | null;
  readonly rect: Rect;
}

/** A caret, or a clock in a panel, is not larger, in square pixels. */
const SMALL = 2500;
/** Carets and clocks change between five times a second and once in two and a half seconds. */
const QUICKEST_MS = 200;
const SLOWEST_MS = 2500;
/** A machine at work looks, and draws, so much too late. */
const JITTER_MS = 80;
const SIGHTINGS = 4;
const FORGET_MS = 60_000;
const MAX_SPOTS = 64;

interface History {
  readonly times: readonly number[];
  readonly blinks: boolean;
}

/** True of a change so small that it may be a caret or a clock. */
export const isSmall = ({ window, rect }: Spot): boolean =>
  window !== null && rect.width * rect.height <= SMALL;

/** Tells carets and clocks from changes: small, always the same place, at a steady pace. */
export class Blinking {
  readonly #histories = new Map<string, History>();

  /** Notes that a spot changed at a time in ms; true once it is known to blink. */
  see(spot: Spot, at: number): boolean {
    if (!isSmall(spot)) return false;
    const key = keyOf(spot);
    const known = this.#histories.get(key);
    const isRecent = known !== undefined && at - (known.times.at(-1) ?? 0) < FORGET_MS;
    const times = [...(isRecent ? known.times : []), at].slice(-SIGHTINGS);
    const blinks = (isRecent && known.blinks) || isSteady(times);
    this.#histories.delete(key);
    this.#histories.set(key, { times, blinks });
    this.#forgetOldest();
    return blinks;
  }

  #forgetOldest(): void {
    for (const key of this.#histories.keys()) {
      if (this.#histories.size <= MAX_SPOTS) return;
      this.#histories.delete(key);
    }
  }
}

export const keyOf = ({ window, rect: { x, y, width, height } }: Spot): string =>
  [window, x, y, width, height].join(' ');

/** Evenly, as a clock, or longer and shorter by turns, as a caret that is on for longer than it is off. */
function isSteady(times: readonly number[]): boolean {
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const isSlow = pauses.every((pause) => pause >= QUICKEST_MS && pause <= SLOWEST_MS);
  if (!isSlow || pauses.length < 2) return false;
  const [c = NaN, b = NaN, a = NaN] = pauses.toReversed();
  return Math.abs(c - b) <= JITTER_MS || Math.abs(c - a) <= JITTER_MS;
}
