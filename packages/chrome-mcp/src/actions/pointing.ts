import type { Protocol } from 'devtools-protocol';
import type { Spot } from '../page/action-api.ts';
import { expect, notReceived, overdue, type Evidence } from './proof.ts';
import { reach, reachSpot, type Reached } from './reach.ts';
import type { Scene } from './scene.ts';
import { isUnderPointer } from './under-pointer.ts';

export type Button = 'left' | 'middle' | 'right';
export type Modifier = 'Alt' | 'Control' | 'Meta' | 'Shift';
export type Target = { readonly ref: string } | Spot;

export interface Click {
  readonly at: Target;
  readonly button: Button;
  readonly count: number;
  readonly modifiers: readonly Modifier[];
}

const BITS: Readonly<Record<Modifier, number>> = { Alt: 1, Control: 2, Meta: 4, Shift: 8 };
const HELD: Readonly<Record<Button, number>> = { left: 1, right: 2, middle: 4 };
/** The event that says that a click of this button was complete. */
const PROOFS = { left: 'click', middle: 'auxclick', right: 'contextmenu' } as const;
const TIMES = ['', '', 'twice ', 'three times '];

export const bitsOf = (modifiers: readonly Modifier[]): number =>
  modifiers.reduce((bits, modifier) => bits | BITS[modifier], 0);

export const reachTarget = (scene: Scene, at: Target): Promise<Reached> =>
  'ref' in at ? reach(scene, at.ref) : reachSpot(scene, at);

/** Clicks, and proves that the element was clicked. What the browser dropped altogether is done once more. */
export async function click(scene: Scene, asked: Click, lost: Evidence | null = null): Promise<void> {
  const { at, button, count, modifiers } = asked;
  const reached = await reachTarget(scene, at);
  scene.actsIn(reached.frame);
  if (lost !== null && !(await isUnderPointer(scene, reached))) notReceived(reached, lost);
  const { name, ready, notes } = reached;
  const press = { proof: 'mousedown', count: 1 } as const;
  const whole = ready.isSelect ? press : { proof: PROOFS[button], count: button === 'right' ? 1 : count };
  const tell = (more: readonly string[] = []): void => {
    const how = button === 'left' ? '' : `${button} `;
    scene.did({
      did: `Clicked ${how}${TIMES[count] ?? ''}${name}`.replace('  ', ' '),
      notes: [...notes, ...more],
    });
  };
  if (ready.isFrame) {
    await Promise.all(send(scene, clicks(reached.spot, { button, count, modifiers })));
    tell(['It is a frame: what is inside was not looked at; use a reference for that.']);
    return;
  }
  const pressed = expect(scene, reached, press);
  const clicked = expect(scene, reached, whole);
  clicked.then((evidence) => (isReceived(evidence) ? tell() : undefined)).catch(() => undefined); // awaited below
  scene.began({
    did: `Sent a click to ${name}`,
    notes: [...notes, 'It was not proven: the page stands still.'],
  });
  const sent = Promise.all(send(scene, clicks(reached.spot, { button, count, modifiers })));
  const evidence = await overdue(scene, reached, { wanted: whole, proof: clicked, sent });
  if (isReceived(evidence)) return;
  const first = evidence === 'gone' ? await pressed : evidence;
  const wasPressed = first !== 'gone' && first.seen.includes('mousedown');
  if (first === 'gone' && hasLeft(scene, reached)) {
    tell(['Its page was left at once, before the receipt came.']);
    return;
  }
  if (lost === null && wasDropped(evidence)) return click(scene, asked, evidence);
  if (!wasPressed) notReceived(reached, evidence);
  if (evidence !== 'gone' && evidence.isThere) notReceived(reached, evidence);
  tell(['It received the press and was gone before the release.']);
}

/** All of it was taken and nothing came of it anywhere, as may happen just after a page came. */
const wasDropped = (evidence: Evidence): boolean =>
  evidence !== 'gone' && evidence.isThere && evidence.by === null && evidence.seen.length === 0;

const isReceived = (evidence: Evidence): boolean => evidence !== 'gone' && evidence.received;

/** The document went away because another one came, not for another reason. */
const hasLeft = ({ watch }: Scene, { frame }: Reached): boolean =>
  watch.startedNavigations > 0 ||
  watch.navigations.some(
    ({ isSameDocument, isMain, frame: id }) => !isSameDocument && (isMain || id === frame.id),
  );

/** Puts the pointer on an element. */
export async function hover(scene: Scene, at: Target): Promise<void> {
  const reached = await reachTarget(scene, at);
  scene.actsIn(reached.frame);
  const wanted = { proof: 'mousemove', count: 1 } as const;
  const proof = expect(scene, reached, wanted);
  const { x, y } = reached.spot;
  // one that is there already would not move
  const sent = Promise.all(send(scene, [moved({ x: x + 1, y: y + 1 }), moved({ x, y })]));
  if (!reached.ready.isFrame) {
    const evidence = await overdue(scene, reached, { wanted, proof, sent });
    if (!isReceived(evidence)) notReceived(reached, evidence);
  }
  scene.did({ did: `Hovered over ${reached.name}`, notes: reached.notes });
}

type MouseEvent = Protocol.Input.DispatchMouseEventRequest;

export const moved = ({ x, y }: Spot, held: Button | 'none' = 'none', modifiers = 0): MouseEvent => ({
  ...{ type: 'mouseMoved', x, y, button: held, modifiers },
  buttons: held === 'none' ? 0 : HELD[held],
});

function clicks(
  { x, y }: Spot,
  { button, count, modifiers: keys }: Omit<Click, 'at'>,
): readonly MouseEvent[] {
  const modifiers = bitsOf(keys);
  const events: MouseEvent[] = [moved({ x, y }, 'none', modifiers)];
  for (let clickCount = 1; clickCount <= count; clickCount++) {
    const event = { x, y, button, modifiers, clickCount };
    events.push({ ...event, type: 'mousePressed', buttons: HELD[button] });
    events.push({ ...event, type: 'mouseReleased', buttons: 0 });
  }
  return events;
}

/** All at once: the browser keeps their order, and nothing waits for an answer in between. */
export const send = ({ tab, signal }: Scene, events: readonly MouseEvent[]): readonly Promise<unknown>[] =>
  events.map((event) => {
    const { type, x, y } = event;
    if (type === 'mousePressed') tab.activity.tell({ kind: 'pressed', x, y });
    return tab.page.send('Input.dispatchMouseEvent', event, { signal });
  });
