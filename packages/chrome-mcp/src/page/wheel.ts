import type { Refusal, Spot, Turned, WheelAim, WheelRequest } from './action-api.ts';
import { hitAt, spotsOf } from './aim.ts';
import { nextFrame, nextTask, pause } from './clock.ts';
import { isWithin, lineOf } from './flat-tree.ts';
import type { Nodes } from './nodes.ts';
import { partyOf } from './party.ts';
import { stale } from './preflight.ts';
import { canScroll, endOf, positionOf, rootScroller } from './scroller.ts';

/** A wheel that was sent is heard within this time, or nothing hears it. */
const HEARD_MS = 500;
/** What scrolls begins within so many frames, and has ended when it rests for half of them. */
const START_FRAMES = 8;
const MOST_FRAMES = 120;

/** The mouse wheel over a place of the frame, for pages that scroll or zoom by it themselves. */
export class Wheel {
  readonly #nodes: Nodes;
  #turning: Turning | null = null;

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
  }

  /** Where the pointer meets the element, or what is in the middle of the frame. */
  aim({ ref, by }: WheelRequest): WheelAim | Refusal {
    const element = ref === undefined ? null : this.#nodes.find(ref);
    if (element !== null && element.element === null) return stale(ref ?? 0, element);
    const target = element?.element ?? null;
    target?.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const spots = target === null ? [{ x: innerWidth / 2, y: innerHeight / 2 }] : spotsOf(target, undefined);
    for (const spot of spots) {
      const hit = hitAt(spot, target ?? document.documentElement);
      if (hit === null || (target !== null && !isWithin(hit, target))) continue;
      return { ok: true, ...spot, party: partyOf(hit, this.#nodes), below: below(hit, by) };
    }
    return { ok: true, x: 0, y: 0, party: null, below: 0 };
  }

  /** Listens from now on to what a turn over an element does. */
  watch({ ref }: { readonly ref: number }): null {
    this.#turning?.end();
    const { element } = this.#nodes.find(ref);
    this.#turning = new Turning(element ?? document.documentElement);
    return null;
  }

  /** What the turn did, when all that it moved is at rest. */
  async turned(): Promise<Turned> {
    const turning = this.#turning;
    this.#turning = null;
    if (turning === null) return { isHeard: false, isTaken: false, scrolled: null };
    const { isHeard, isTaken } = await turning.outcome();
    const moved = isTaken ? null : await turning.rested();
    if (moved === null) return { isHeard, isTaken, scrolled: null };
    const party = moved.scroller === rootScroller() ? null : partyOf(moved.scroller, this.#nodes);
    const at = positionOf(moved.scroller);
    const by = { x: at.x - moved.from.x, y: at.y - moved.from.y };
    return { isHeard, isTaken, scrolled: { party, moved: by, at, end: endOf(moved.scroller) } };
  }
}

/** How many elements, from this one upwards, come before the one that scrolls; of the page its own two do not count. */
function below(hit: Element, by: Spot): number {
  const line = [...lineOf(hit)];
  const scroller = line.findIndex((element) => canScroll(element, by));
  const end = scroller === -1 || line[scroller] === rootScroller() ? line.indexOf(document.body) : scroller;
  return Math.max(0, end);
}

interface Moved {
  readonly scroller: Element;
  readonly from: Spot;
}

/** One turn of the wheel, from before it is sent. */
class Turning {
  readonly #end = new AbortController();
  readonly #before: ReadonlyMap<Element, Spot>;
  readonly #heard: Promise<WheelEvent>;

  constructor(over: Element) {
    const scrollers = [...lineOf(over), rootScroller()].filter((element) => canScroll(element, undefined));
    this.#before = new Map(scrollers.map((element) => [element, positionOf(element)]));
    const options = { capture: true, passive: true, signal: this.#end.signal };
    this.#heard = new Promise((resolve) => {
      window.addEventListener('wheel', resolve, options);
    });
  }

  end(): void {
    this.#end.abort();
  }

  /** Whether it came, and whether the page kept the browser from scrolling. */
  async outcome(): Promise<{ readonly isHeard: boolean; readonly isTaken: boolean }> {
    const event = await Promise.race([this.#heard, pause(HEARD_MS)]);
    this.end();
    // by then all who listen have had it
    await nextTask();
    const isHeard = event instanceof WheelEvent;
    return { isHeard, isTaken: isHeard && event.defaultPrevented };
  }

  async rested(): Promise<Moved | null> {
    let moved: Moved | null = null;
    let still = 0;
    let last: Spot | null = null;
    for (let frame = 0; frame < MOST_FRAMES && still < START_FRAMES; frame++) {
      await nextFrame();
      moved = this.#moved();
      const now = moved === null ? null : positionOf(moved.scroller);
      still = now === null || (now.x === last?.x && now.y === last.y) ? still + (now === null ? 1 : 2) : 0;
      last = now;
    }
    return moved;
  }

  #moved(): Moved | null {
    for (const [scroller, from] of this.#before) {
      const { x, y } = positionOf(scroller);
      if (x !== from.x || y !== from.y) return { scroller, from };
    }
    return null;
  }
}
