import type { XEvent, XRectangle } from 'x11';
import { setTimeout as delay } from 'node:timers/promises';
import type { Blinking, Spot } from '../../core/blinking.ts';
import { around, intersection, type Point, type Rect } from '../../core/geometry.ts';
import { differences, viewOf, type View } from '../../core/visible.ts';
import type { Change, ChangeWatch, Patience, WatchOptions } from '../changes.ts';
import { untilAtRest } from '../rest.ts';
import type { DamageConnection } from './damage.ts';

const STRUCTURE_EVENTS: ReadonlySet<string> = new Set([
  'CirculateNotify',
  'ConfigureNotify',
  'CreateNotify',
  'DestroyNotify',
  'MapNotify',
  'ReparentNotify',
  'UnmapNotify',
]);

/** The time between two looks: at least so long, and three times what a look takes, however much there is to see. */
const PACE_MS = 15;
const SHARE = 3;
/** A window inside of another one comes and goes without a word; who may be seen is read anew after so long. */
const READ_ANEW_MS = 250;
/** More parts than this are watched as one: only the window's own hidden parts are in it besides. */
const MAX_PARTS = 1000;

interface WatchParts extends WatchOptions {
  readonly blinking: Blinking;
  readonly onStop: () => void;
}

/** A window that is shown: its damage, and its parts that count, as a region of the server's. */
interface Watched {
  readonly damage: number;
  readonly region: number;
  at: Point;
}

/**
 * Watches the windows that may be shown, and no others: what a hidden one draws never comes here. The server keeps
 * the damage together and says only that there is some, so a window that draws all the time costs no more than the
 * looks.
 */
export class DamageWatch implements ChangeWatch {
  readonly #connection: DamageConnection;
  readonly #options: WatchParts;
  readonly #watched = new Map<number, Watched>();
  readonly #damaged = new Set<number>();
  /** Regions to reckon with. */
  readonly #found: number;
  readonly #extents: number;
  readonly #forget: () => void;
  #view: View | null = null;
  #screen: Rect = { x: 0, y: 0, width: 0, height: 0 };
  #isRestacked = true;
  #readAt = 0;
  #nextLookAt = 0;
  #wake: (() => void) | null = null;
  #isStopped = false;

  private constructor(connection: DamageConnection, options: WatchParts) {
    const { x, fixes } = connection;
    this.#connection = connection;
    this.#options = options;
    this.#forget = x.onEvent((event) => this.#hear(event));
    this.#found = x.client.AllocID();
    this.#extents = x.client.AllocID();
    fixes.CreateRegion(this.#found, []);
    fixes.CreateRegion(this.#extents, []);
  }

  static async start(connection: DamageConnection, options: WatchParts): Promise<DamageWatch> {
    const watch = new DamageWatch(connection, options);
    try {
      await watch.#restack();
      await connection.x.sync();
      return watch;
    } catch (error) {
      watch.stop();
      throw error;
    }
  }

  settled(patience: Patience, signal: AbortSignal): Promise<Change> {
    const lookout = {
      look: () => this.#look(),
      news: (ms: number, until: AbortSignal) => this.#news(ms, until),
    };
    return untilAtRest(lookout, { patience, blinking: this.#options.blinking }, signal);
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#forget();
    const { x, fixes } = this.#connection;
    if (!x.isLost) {
      for (const watched of this.#watched.values()) this.#unwatch(watched);
      for (const region of [this.#found, this.#extents]) {
        fixes.DestroyRegion(region);
        x.client.ReleaseID(region);
      }
    }
    this.#options.onStop();
  }

  #hear({ name = '', damage }: XEvent): void {
    if (STRUCTURE_EVENTS.has(name)) this.#isRestacked = true;
    else if (name === 'DamageNotify' && damage !== undefined) this.#damaged.add(damage);
    else return;
    this.#wake?.();
  }

  async #look(): Promise<readonly Spot[]> {
    const began = performance.now();
    const isOld = this.#damaged.size > 0 && began > this.#readAt + READ_ANEW_MS;
    const moved = this.#isRestacked || isOld ? await this.#restack() : [];
    const damaged = [...this.#watched].filter(([, { damage }]) => this.#damaged.has(damage));
    this.#damaged.clear();
    const drawn = await Promise.all(damaged.map(([window, watched]) => this.#drawnIn(window, watched)));
    const now = performance.now();
    this.#nextLookAt = now + Math.max(PACE_MS, SHARE * (now - began));
    return [...moved.map((rect) => ({ window: null, rect })), ...drawn.filter((spot) => spot !== null)];
  }

  async #news(ms: number, signal: AbortSignal): Promise<void> {
    const until = performance.now() + ms;
    if (this.#damaged.size === 0 && !this.#isRestacked) await this.#event(ms, signal);
    const pause = Math.min(until, this.#nextLookAt) - performance.now();
    if (pause > 0) await delay(pause, undefined, { signal });
  }

  async #event(ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    try {
      await delay(ms, undefined, { signal: AbortSignal.any([signal, woken.signal]) });
    } catch (error) {
      signal.throwIfAborted();
      if (!woken.signal.aborted) throw error;
    } finally {
      this.#wake = null;
    }
  }

  /** Reads the windows anew, watches those that are shown now, and gives what the move of windows changed. */
  async #restack(): Promise<readonly Rect[]> {
    const { x, layers } = this.#connection;
    this.#isRestacked = false;
    const { mayShow, region } = this.#options;
    const [{ layers: panes }, screen] = await Promise.all([
      layers.read(mayShow),
      x.ask<{ readonly width: number; readonly height: number }>((reply) =>
        x.client.GetGeometry(x.root, reply),
      ),
    ]);
    this.#readAt = performance.now();
    this.#screen = { x: 0, y: 0, width: screen.width, height: screen.height };
    const before = this.#view;
    const view = viewOf(panes, this.#screen);
    this.#view = view;
    for (const [window, watched] of this.#watched) {
      if (view.panes.has(window)) continue;
      this.#unwatch(watched);
      this.#watched.delete(window);
    }
    for (const [window, { pane, parts }] of view.panes) this.#watch(window, pane.at, this.#within(parts));
    if (before === null) return [];
    const changed = differences(before, view);
    return region === undefined ? changed : this.#within(changed);
  }

  #within(rects: readonly Rect[]): readonly Rect[] {
    const { region } = this.#options;
    return region === undefined ? rects : rects.flatMap((rect) => intersection(rect, region) ?? []);
  }

  #watch(window: number, at: Point, parts: readonly Rect[]): void {
    const { x, damage, fixes } = this.#connection;
    const inside = inWindow(parts, at);
    const known = this.#watched.get(window);
    if (known !== undefined) {
      known.at = at;
      fixes.SetRegion(known.region, inside);
      return;
    }
    const watched = { damage: x.client.AllocID(), region: x.client.AllocID(), at };
    damage.Create(watched.damage, window, damage.ReportLevel.NonEmpty);
    // all of a window counts as damaged at first
    damage.Subtract(watched.damage, 0, 0);
    fixes.CreateRegion(watched.region, inside);
    this.#watched.set(window, watched);
  }

  #unwatch({ damage, region }: Watched): void {
    const { x, damage: extension, fixes } = this.#connection;
    extension.Destroy(damage);
    fixes.DestroyRegion(region);
    x.client.ReleaseID(damage);
    x.client.ReleaseID(region);
  }

  /** The rectangle around what was drawn in a window since the last look, as far as it can be seen. */
  async #drawnIn(window: number, { damage: id, region, at }: Watched): Promise<Spot | null> {
    const { x, damage, fixes } = this.#connection;
    const { extents } = await x.ask<{ readonly extents: XRectangle }>((reply) => {
      // stays empty when the window, and its damage with it, is gone
      fixes.SetRegion(this.#found, []);
      damage.Subtract(id, 0, this.#found);
      fixes.IntersectRegion(this.#found, region, this.#found);
      fixes.RegionExtents(this.#found, this.#extents);
      fixes.FetchRegion(this.#extents, reply);
    });
    if (extents.width === 0 || extents.height === 0) return null;
    return { window, rect: { ...extents, x: extents.x + at.x, y: extents.y + at.y } };
  }
}

/** In the window's own coordinates, as the server has its damage. */
function inWindow(parts: readonly Rect[], { x, y }: Point): readonly XRectangle[] {
  const [first, ...more] = parts;
  if (first === undefined) return [];
  const few = parts.length > MAX_PARTS ? [around([first, ...more])] : parts;
  return few.map((part) => ({ ...part, x: part.x - x, y: part.y - y }));
}
