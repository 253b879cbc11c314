import type { Refusal, Scrolled, ScrollRequest, Sought, SeekRequest } from './action-api.ts';
import { FRAME_MS, nextFrame } from './clock.ts';
import type { Nodes } from './nodes.ts';
import { partyOf } from './party.ts';
import { stale } from './preflight.ts';
import { endOf, positionOf, rootScroller, scrollerOf } from './scroller.ts';
import { elementWith } from './words.ts';

/** How much of what shows is scrolled on at once, so that nothing is passed over. */
const STRIDE = 0.8;
/** At the end a list may load more: so long without growth is the end. */
const END_MS = 650;

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
  // nothing is drawn out of sight, above all in the frames of other sites
  scroller.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
  let steps = 0;
  let stillSince: number | null = null;
  // the call before this one may have scrolled to what is not drawn yet
  let isDrawn = false;
  for (;;) {
    const found = elementWith(text, nodes);
    if (found !== null) {
      found.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
      await nextFrame();
      return { ok: true, party: partyOf(found, nodes), isAtEnd: false, steps };
    }
    const scrolls = isDrawn;
    const from = { y: positionOf(scroller).y, at: performance.now() };
    if (scrolls) scroller.scrollBy({ top: scroller.clientHeight * STRIDE, behavior: 'instant' });
    isDrawn = await drawn(capMs);
    const now = performance.now();
    if (positionOf(scroller).y > from.y) {
      stillSince = null;
      steps++;
    } else if (scrolls) {
      stillSince ??= from.at;
      if (now - stillSince > END_MS) return { ok: true, party: null, isAtEnd: true, steps };
    }
    if ((scrolls || !isDrawn) && now - start > capMs) return { ok: true, party: null, isAtEnd: false, steps };
  }
}

/**
 * A list that draws what shows does so by the second frame, however late it comes; says whether it came.
 * A hidden page paints none, and is not waited for.
 */
async function drawn(mostMs: number): Promise<boolean> {
  const isHidden = document.visibilityState === 'hidden';
  const frameMs = isHidden ? FRAME_MS : mostMs;
  return ((await nextFrame(frameMs)) && (await nextFrame(frameMs))) || isHidden;
}

function placeOf(ref: number | undefined, nodes: Nodes): Place | Refusal {
  if (ref === undefined) return { element: null, healed: false };
  const held = nodes.find(ref);
  return held.element === null ? stale(ref, held) : held;
}
