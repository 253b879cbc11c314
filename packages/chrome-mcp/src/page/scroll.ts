import type { Refusal, Scrolled, ScrollRequest, Sought, SeekRequest, Spot } from './action-api.ts';
import { nextFrame } from './clock.ts';
import { lineOf } from './flat-tree.ts';
import type { Nodes } from './nodes.ts';
import { partyOf } from './party.ts';
import { stale } from './preflight.ts';
import { elementWith } from './words.ts';

/** How much of what shows is scrolled on at once, so that nothing is passed over. */
const STRIDE = 0.8;
/** At the end a list may load more: so many frames without growth are the end. */
const END_FRAMES = 20;

interface Place {
  readonly element: Element | null;
  readonly healed: boolean;
}

/** Scrolls by an amount what holds the element, or the element itself into view. */
export async function scroll({ ref, by }: ScrollRequest, nodes: Nodes): Promise<Scrolled> {
  const place = placeOf(ref, nodes);
  if ('ok' in place) return place;
  const { element, healed } = place;
  const scroller = scrollerOf(element, by);
  const before = positionOf(scroller);
  if (by !== undefined) scroller.scrollBy({ left: by.x, top: by.y, behavior: 'instant' });
  else element?.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  // pages answer to a scroll in the next frame
  await nextFrame();
  await nextFrame();
  const at = positionOf(scroller);
  const party = scroller === rootScroller() ? null : partyOf(scroller, nodes);
  return {
    ok: true,
    party,
    healed,
    moved: { x: at.x - before.x, y: at.y - before.y },
    at,
    end: endOf(scroller),
  };
}

/** Scrolls on and on until a text is there, the end is reached or the time is up. */
export async function seek({ text, ref, capMs }: SeekRequest, nodes: Nodes): Promise<Sought> {
  const place = placeOf(ref, nodes);
  if ('ok' in place) return place;
  const start = performance.now();
  const scroller = scrollerOf(place.element, { x: 0, y: 1 });
  let steps = 0;
  let idle = 0;
  for (;;) {
    const found = elementWith(text, nodes);
    if (found !== null) {
      found.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
      await nextFrame();
      return { ok: true, party: partyOf(found, nodes), isAtEnd: false, steps };
    }
    const before = positionOf(scroller).y;
    scroller.scrollBy({ top: scroller.clientHeight * STRIDE, behavior: 'instant' });
    await nextFrame();
    await nextFrame();
    if (positionOf(scroller).y > before) {
      idle = 0;
      steps++;
    } else if (++idle > END_FRAMES) {
      return { ok: true, party: null, isAtEnd: true, steps };
    }
    if (performance.now() - start > capMs) return { ok: true, party: null, isAtEnd: false, steps };
  }
}

function placeOf(ref: number | undefined, nodes: Nodes): Place | Refusal {
  if (ref === undefined) return { element: null, healed: false };
  const held = nodes.find(ref);
  return held.element === null ? stale(ref, held) : held;
}

const rootScroller = (): Element => document.scrollingElement ?? document.documentElement;

/** What scrolls in this direction around an element; without one the page, else what scrolls in its middle. */
function scrollerOf(element: Element | null, by: Spot | undefined): Element {
  const root = rootScroller();
  if (element !== null) return around(element, by) ?? root;
  if (canScroll(root, by)) return root;
  const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  return (middle === null ? null : around(middle, by)) ?? root;
}

function around(element: Element, by: Spot | undefined): Element | null {
  for (const above of lineOf(element)) if (canScroll(above, by)) return above;
  return null;
}

function canScroll(element: Element, by: Spot | undefined): boolean {
  const { x, y } = endOf(element);
  const isAlong = by === undefined || (by.y !== 0 ? y > 0 : x > 0);
  if (!isAlong || (x <= 0 && y <= 0)) return false;
  if (element === rootScroller()) return true;
  const { overflowX, overflowY } = getComputedStyle(element);
  const overflow = by === undefined || by.y !== 0 ? overflowY : overflowX;
  return overflow === 'auto' || overflow === 'scroll' || overflow === 'hidden';
}

const positionOf = ({ scrollLeft, scrollTop }: Element): Spot => ({
  x: Math.round(scrollLeft),
  y: Math.round(scrollTop),
});

const endOf = ({ scrollWidth, clientWidth, scrollHeight, clientHeight }: Element): Spot => ({
  x: scrollWidth - clientWidth,
  y: scrollHeight - clientHeight,
});
