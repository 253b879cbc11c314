import type { Obstacle, Prepared, PrepareRequest, Ready, Refusal, Spot } from './action-api.ts';
import { hitAt, isTakenWithin, spotsOf, takes } from './aim.ts';
import { FRAME_MS, nextFrame, pause } from './clock.ts';
import { closest, isWithin, lineOf, parentOf } from './flat-tree.ts';
import type { Nodes } from './nodes.ts';
import { partyOf } from './party.ts';
import type { Watches } from './receipt.ts';
import { disabledBy, hiddenBy, painted, type Hindrance } from './state.ts';

const POLL_MS = 50;
/** The frames of a page that paints come late while the machine is busy. */
const LATE_FRAME_MS = 500;
/** What is covered gets one more look. */
export const SECOND_LOOK_MS = 60;
/** What is hidden or out of reach may be about to be laid out. */
const LAYOUT_MS = 300;
/** What was moving must rest for so many frames. */
const REST_FRAMES = 5;
/** Alignments to scroll to when the one before was no good: a sticky header hides `start`, a footer `end`. */
const ALIGNMENTS: readonly (ScrollLogicalPosition | null)[] = [null, 'center', 'nearest', 'start', 'end'];

type Obstructed = Hindrance & { readonly blocker?: Element };
type Aim = { readonly spot: Spot } | Obstructed;

/** One preflight: found, enabled, seen, scrolled to, still, hit. Begins a watch of what the element receives. */
export async function prepare(request: PrepareRequest, nodes: Nodes, watches: Watches): Promise<Prepared> {
  const start = performance.now();
  const met: Hindrance[] = [];
  let wasHealed = false;
  for (;;) {
    const held = nodes.find(request.ref);
    const waitedMs = Math.round(performance.now() - start);
    if (held.element === null) return stale(request.ref, held, waitedMs);
    const { element } = held;
    wasHealed ||= held.healed;
    const aim = await aimAt(element, request, met);
    if ('spot' in aim) {
      const waitedFor = [...new Set(met.map(({ why }) => why))].join(', ');
      return { ...found(element, aim.spot, { nodes, watches }), healed: wasHealed, waitedFor, waitedMs };
    }
    if (performance.now() - start > patienceMs(aim.obstacle, request.waitMs)) {
      const blocker = aim.blocker === undefined ? null : partyOf(aim.blocker, nodes);
      return { ok: false, ...shown(aim), party: partyOf(element, nodes), blocker, waitedMs };
    }
    met.push(aim);
    await pause(Math.min(POLL_MS, request.waitMs));
  }
}

/** What is at a place, whatever it is. */
export async function pick(spot: Spot, nodes: Nodes, watches: Watches): Promise<Prepared> {
  // what was scrolled or laid out a moment ago is hit where it is painted
  await nextFrame();
  const hit = hitAt(spot, document.documentElement);
  if (hit !== null) return found(hit, spot, { nodes, watches });
  const why = `it is outside the viewport of ${innerWidth} x ${innerHeight}`;
  return { ok: false, obstacle: 'outside', why, party: null, blocker: null, waitedMs: 0 };
}

interface Means {
  readonly nodes: Nodes;
  readonly watches: Watches;
}

function found(element: Element, spot: Spot, { nodes, watches }: Means): Ready {
  return {
    ok: true,
    ...spot,
    party: partyOf(element, nodes),
    ...{ healed: false, waitedFor: '', waitedMs: 0 },
    watch: watches.begin(element),
    isSelect: element instanceof HTMLSelectElement,
    isFrame: element.localName === 'iframe' || element.localName === 'frame',
  };
}

const shown = ({ obstacle, why }: Hindrance): Hindrance => ({ obstacle, why });

export function stale(
  ref: number,
  {
    was,
    why,
  }: { readonly was: { readonly role: string; readonly name: string } | null; readonly why: string },
  waitedMs = 0,
): Refusal {
  const party = was === null ? null : { ref, ...was, tag: '' };
  return { ok: false, obstacle: 'stale', why, party, blocker: null, waitedMs };
}

function patienceMs(obstacle: Obstacle, waitMs: number): number {
  if (obstacle === 'disabled' || obstacle === 'moving') return waitMs;
  if (obstacle === 'option' || obstacle === 'file') return 0;
  return Math.min(waitMs, obstacle === 'hidden' || obstacle === 'outside' ? LAYOUT_MS : SECOND_LOOK_MS);
}

async function aimAt(element: Element, request: PrepareRequest, met: readonly Hindrance[]): Promise<Aim> {
  const hindrance = unclickable(element) ?? (request.mayBeDisabled === true ? null : disabledBy(element));
  if (hindrance !== null) return hindrance;
  const face = painted(element);
  const hidden = hiddenBy(face);
  if (hidden !== null) return hidden;
  const first = reach(face, element, request.offset);
  const frames = met.some(({ obstacle }) => obstacle === 'moving') ? REST_FRAMES : 1;
  if (!(await rests(face, frames))) return { obstacle: 'moving', why: 'it moves' };
  // one look more: scrolling may have shown what sticks to the edges
  return 'spot' in first && lands(face, element, first.spot) ? first : reach(face, element, request.offset);
}

/** What no click is for. */
function unclickable(element: Element): Hindrance | null {
  if (element instanceof HTMLOptionElement && closest(element, 'select') !== null) {
    return { obstacle: 'option', why: 'it is an option of a native list, which is not part of the page' };
  }
  const isFile = element instanceof HTMLInputElement && element.type === 'file';
  return isFile ? { obstacle: 'file', why: 'a click would open a dialog of the system' } : null;
}

/** What lies over an element wherever it could be pointed at, if something does; scrolls to find a free place. */
export function coverOver(element: Element): Element | null {
  const aim = reach(element, element, undefined);
  return 'obstacle' in aim && aim.obstacle === 'covered' ? (aim.blocker ?? null) : null;
}

/** A place where a pointer meets the element, scrolling to find one. */
function reach(face: Element, target: Element, offset: Spot | undefined): Aim {
  let worst: Obstructed | null = null;
  for (const alignment of ALIGNMENTS) {
    if (alignment !== null) face.scrollIntoView({ block: alignment, inline: 'nearest', behavior: 'instant' });
    const aim = look(face, target, offset);
    if ('spot' in aim) return aim;
    if (worst === null || worst.obstacle === 'outside') worst = aim;
  }
  return worst ?? { obstacle: 'outside', why: 'it cannot be scrolled into view' };
}

function look(face: Element, target: Element, offset: Spot | undefined): Aim {
  const spots = spotsOf(face, offset);
  const taken: Spot[] = [];
  let blocker: Element | null = null;
  for (const spot of spots) {
    const hit = hitAt(spot, face);
    if (hit === null) continue;
    if (!takes(face, hit) && !takes(target, hit)) blocker ??= hit;
    else if (isTakenWithin(target, hit)) taken.push(spot);
    else return { spot };
  }
  const [spot] = taken;
  if (spot !== undefined) return { spot };
  if (blocker === null) return { obstacle: 'outside', why: 'it cannot be scrolled into view' };
  return obstructed(face, blocker);
}

function obstructed(face: Element, hit: Element): Obstructed {
  if (isWithin(face, hit) && getComputedStyle(face).pointerEvents === 'none') {
    return { obstacle: 'untouchable', why: 'it takes no pointer events (pointer-events: none)' };
  }
  return { obstacle: 'covered', why: 'another element lies over it', blocker: coverOf(hit, face) };
}

/** The whole of what lies over an element, not the part of it that was met. */
function coverOf(hit: Element, under: Element): Element {
  let cover = hit;
  for (const above of lineOf(hit)) {
    if (isWithin(under, above)) break;
    cover = above;
    if (above instanceof HTMLDialogElement || above.getAttribute('role') === 'dialog') break;
  }
  return cover;
}

function lands(face: Element, target: Element, spot: Spot): boolean {
  const hit = hitAt(spot, face);
  return hit !== null && (takes(face, hit) || takes(target, hit));
}

/** It stays where it is from frame to frame. */
async function rests(element: Element, frames: number): Promise<boolean> {
  let before = element.getBoundingClientRect();
  // without its frames all that moves stands still
  let frameMs = document.visibilityState === 'visible' ? LATE_FRAME_MS : FRAME_MS;
  for (let frame = 0; frame < frames; frame++) {
    if (!(await nextFrame(frameMs))) frameMs = FRAME_MS;
    const after = element.getBoundingClientRect();
    const isSame =
      after.x === before.x &&
      after.y === before.y &&
      after.width === before.width &&
      after.height === before.height;
    if (!isSame) return false;
    before = after;
  }
  return parentOf(element) !== null || element === document.documentElement;
}
