import { isSmall, keyOf, type Blinking, type Spot } from '../core/blinking.ts';
import { around, type Rect } from '../core/geometry.ts';
import type { Change, Patience } from './changes.ts';

/** A place to look for changes. */
export interface Lookout {
  /** What changed since the last look. */
  look(): Promise<readonly Spot[]>;
  /** Resolves when looking again is worth it, and after `ms` anyway. */
  news(ms: number, signal: AbortSignal): Promise<void>;
}

/** Looks until something changed and came to rest, or until the patience is at its end. */
export async function untilAtRest(
  lookout: Lookout,
  { patience, blinking }: { readonly patience: Patience; readonly blinking: Blinking },
  signal: AbortSignal,
): Promise<Change> {
  const { firstMs, restMs, capMs, doubtMs } = patience;
  const doubts = new Doubts(blinking, doubtMs);
  const begin = performance.now();
  let seen: Seen | null = null;
  for (;;) {
    signal.throwIfAborted();
    const spots = await lookout.look();
    const now = performance.now();
    const isOver = seen === null && now >= begin + firstMs;
    seen = seeMore(seen, [...doubts.sift(spots, now), ...(isOver ? doubts.rest() : [])], now);
    if (seen === null && isOver) return { effect: 'none' };
    const end = seen === null ? begin + firstMs : Math.min(seen.last + restMs, seen.first + capMs);
    if (seen !== null && now >= end) {
      return { effect: 'changed', rect: seen.rect, isAtRest: now >= seen.last + restMs };
    }
    await lookout.news(Math.min(end, doubts.due) - now, signal);
  }
}

interface Seen {
  readonly rect: Rect;
  readonly first: number;
  readonly last: number;
}

function seeMore(seen: Seen | null, [one, ...more]: readonly Rect[], now: number): Seen | null {
  if (one === undefined) return seen;
  const rect = around([one, ...more, ...(seen === null ? [] : [seen.rect])]);
  return { rect, first: seen?.first ?? now, last: now };
}

/** Holds small changes back until it is clear whether they are a blinking. */
class Doubts {
  readonly #blinking: Blinking;
  readonly #ms: number;
  readonly #held = new Map<string, { readonly rect: Rect; readonly due: number; readonly times: number }>();

  constructor(blinking: Blinking, ms: number) {
    this.#blinking = blinking;
    this.#ms = ms;
  }

  /** When the next one has been held back for long enough. */
  get due(): number {
    return Math.min(Infinity, ...[...this.#held.values()].map(({ due }) => due));
  }

  /** The places that count now. */
  sift(spots: readonly Spot[], now: number): readonly Rect[] {
    const counted = spots.filter((spot) => {
      const key = keyOf(spot);
      const times = (this.#held.get(key)?.times ?? 0) + 1;
      this.#held.delete(key);
      if (this.#blinking.see(spot, now)) return false;
      if (this.#ms === 0 || !isSmall(spot)) return true;
      this.#held.set(key, { rect: spot.rect, due: now + this.#ms, times });
      return false;
    });
    const overdue = [...this.#held].filter(([, { due }]) => now >= due);
    for (const [key] of overdue) this.#held.delete(key);
    return [...counted.map(({ rect }) => rect), ...overdue.map(([, { rect }]) => rect)];
  }

  /** What was held back and seen once only: there is no time left to see it again. */
  rest(): readonly Rect[] {
    return [...this.#held.values()].flatMap(({ rect, times }) => (times === 1 ? [rect] : []));
  }
}
