import { setTimeout as delay } from 'node:timers/promises';
import { Blinking, type Spot } from '../core/blinking.ts';
import type { Rect } from '../core/geometry.ts';
import { differenceOf } from './picture-difference.ts';
import type { Change, Changes, ChangeWatch, Patience, WatchOptions } from './changes.ts';
import type { Capture, Desktop } from './desktop.ts';
import { untilAtRest } from './rest.ts';

/** Half of the time in which a screen is taken to be at rest. */
const LOOK_MS = 30;

/** Changes as pictures of the screen tell them, for a desktop that says nothing of its own. */
export class ComparedChanges implements Changes {
  readonly #desktop: Pick<Desktop, 'capture'>;
  readonly #blinking = new Blinking();

  constructor(desktop: Pick<Desktop, 'capture'>) {
    this.#desktop = desktop;
  }

  async watch({ mayShow, region }: WatchOptions): Promise<ChangeWatch> {
    const take = async (): Promise<Capture> => {
      const capture = await this.#desktop.capture(mayShow, region === undefined ? {} : { area: region });
      // the next capture may be written over this one
      return { ...capture, pixels: Uint8Array.from(capture.pixels) };
    };
    let last = await take();
    const look = async (): Promise<readonly Spot[]> => {
      const now = await take();
      const rect = differenceOf(last, now);
      last = now;
      return rect === null ? [] : [{ window: ANY, rect: onDesktop(rect, now, region) }];
    };
    const news = async (ms: number, signal: AbortSignal): Promise<void> => {
      await delay(Math.max(0, Math.min(ms, LOOK_MS)), undefined, { signal });
    };
    return {
      settled: (patience: Patience, signal: AbortSignal): Promise<Change> =>
        untilAtRest({ look, news }, { patience, blinking: this.#blinking }, signal),
      stop: () => undefined,
    };
  }
}

/** The number of no window. */
const ANY = 0;

/** Pixels of a capture in the units of the desktop. */
function onDesktop(rect: Rect, { width, height }: Capture, region: Rect | undefined): Rect {
  if (region === undefined) return rect;
  const [across, down] = [region.width / width, region.height / height];
  const x = region.x + Math.floor(rect.x * across);
  const y = region.y + Math.floor(rect.y * down);
  return {
    x,
    y,
    width: region.x + Math.ceil((rect.x + rect.width) * across) - x,
    height: region.y + Math.ceil((rect.y + rect.height) * down) - y,
  };
}
