import type { Passed, PassRequest, Spot } from './action-api.ts';
import { hitAt } from './aim.ts';
import { nextFrame } from './clock.ts';
import { lineOf } from './flat-tree.ts';
import type { Nodes } from './nodes.ts';
import { partyOf } from './party.ts';
import { hiddenBy } from './state.ts';

const MAX_FRAMES = 10;

/** From a place inside a frame to the same place outside it, if nothing lies over it there. */
export async function pass({ ref, x, y }: PassRequest, nodes: Nodes): Promise<Passed> {
  const { element: owner } = nodes.find(ref);
  if (!(owner instanceof HTMLElement)) return { ok: false, why: 'the frame is gone', blocker: null };
  const hidden = hiddenBy(owner);
  if (hidden !== null) return { ok: false, why: `of its frame ${hidden.why}`, blocker: null };
  bringIntoView(owner, { x, y });
  const spot = await resting(owner, { x, y });
  const hit = hitAt(spot, owner);
  if (hit === owner) return { ok: true, ...spot };
  if (hit === null) return { ok: false, why: 'its frame cannot be scrolled into view', blocker: null };
  return { ok: false, why: 'another element lies over its frame', blocker: partyOf(hit, nodes) };
}

function bringIntoView(owner: HTMLElement, inner: Spot): void {
  const spot = outside(owner, inner);
  if (isInView(spot) && hitAt(spot, owner) === owner) return;
  owner.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
  const { x, y } = outside(owner, inner);
  if (!isInView({ x, y }))
    scrollBy({ left: x - innerWidth / 2, top: y - innerHeight / 2, behavior: 'instant' });
}

/** What is scrolled to in a frame of another process moves this one a little later. */
async function resting(owner: HTMLElement, inner: Spot): Promise<Spot> {
  let spot = outside(owner, inner);
  for (let frame = 0; frame < MAX_FRAMES; frame++) {
    await nextFrame();
    const now = outside(owner, inner);
    if (now.x === spot.x && now.y === spot.y) break;
    spot = now;
  }
  return spot;
}

const isInView = ({ x, y }: Spot): boolean => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;

/**
 * By the middle of the box, which every affine transform keeps in the middle, and the linear part of all transforms
 * above it.
 */
function outside(owner: HTMLElement, { x, y }: Spot): Spot {
  const box = owner.getBoundingClientRect();
  const style = getComputedStyle(owner);
  const zoom = owner.currentCSSZoom;
  const across = owner.offsetWidth;
  const down = owner.offsetHeight;
  const left = owner.clientLeft + Number.parseFloat(style.paddingLeft) + x - across / 2;
  const top = owner.clientTop + Number.parseFloat(style.paddingTop) + y - down / 2;
  const linear = linearOf(owner);
  const isStraight = linear.b === 0 && linear.c === 0;
  const { a, d } = isStraight
    ? { a: box.width / across, d: box.height / down }
    : { a: linear.a * zoom, d: linear.d * zoom };
  return {
    x: box.left + box.width / 2 + a * left + linear.c * zoom * top,
    y: box.top + box.height / 2 + linear.b * zoom * left + d * top,
  };
}

function linearOf(element: Element): DOMMatrix {
  let linear = new DOMMatrix();
  for (const above of lineOf(element)) {
    const { transform, rotate, scale } = getComputedStyle(above);
    const own = new DOMMatrix();
    if (rotate !== 'none') own.rotateSelf(Number.parseFloat(rotate));
    if (scale !== 'none') own.scaleSelf(...scales(scale));
    if (transform !== 'none') own.multiplySelf(new DOMMatrix(transform));
    linear = own.multiply(linear);
  }
  return linear;
}

function scales(text: string): [number, number] {
  const [x = 1, y = x] = text.split(' ').map(Number);
  return [x, y];
}
