import type { Subject } from '@deskhand/tier-policy';
import type { Point } from '../../core/geometry.ts';
import type { Button, Gesture, Judge, Judged } from '../desktop.ts';
import { InputInUse } from '../failure.ts';
import type { XConnection } from './connection.ts';
import { hasReservedButton, injectorIsTaken } from './device-grabs.ts';
import {
  ASYNCHRONOUS,
  CURRENT_TIME,
  FOREIGN,
  GRAB_SUCCESS,
  SYNCHRONOUS,
  grabHolder,
  pointerIsGrabbed,
} from './grab-state.ts';
import { leftButton, markDown } from './held.ts';
import { isReserved, keyHolders } from './key-route.ts';
import { heldModifiers, stateBitOf, type ModifierKeys } from './modifiers.ts';
import type { OwnerSources } from './owners.ts';
import type { Path } from './paths.ts';
import { SceneReader, type SceneReading } from './scene.ts';
import { SceneChanged, atomically } from './section.ts';
import x11 from 'x11';

const BUTTONS: Readonly<Record<Button, number>> = { left: 1, middle: 2, right: 3 };
const WHEEL = { up: 4, down: 5, left: 6, right: 7 } as const;
const SYNC_POINTER = 1;
const REPLAY_POINTER = 2;
const BUTTON_BITS = 0x1f00;
const MODIFIER_BITS = 0xff;
const ANY_MODIFIER = 0x8000;

/** The answer of one try: judged, and whether a window must be raised first. */
export interface Aimed extends Judged {
  /** A managed window that is not in front: raise it, then try again. */
  readonly raiseFirst: number | null;
}

export interface PointerOptions {
  readonly x: XConnection;
  readonly sources: OwnerSources;
  readonly modifierKeys: ModifierKeys;
}

/** A press that is let go of later. */
export interface PressGesture {
  readonly kind: 'press';
  readonly at: Point;
  /** Where it is to end, which is judged as well; `null` when nobody knows yet. */
  readonly to: Point | null;
  readonly button: 'left';
  readonly modifiers: readonly string[];
  /** Told right before the press is sent. */
  readonly onPress: (pressed: Pressed) => void;
}

/** Where a button went down that is still down. */
export interface Pressed {
  readonly at: Point;
  readonly path: Path;
  readonly managed: number | null;
  /** Keys that are held with the button. */
  readonly keycodes: readonly number[];
  /** A program has the pointer because of the press, as toolkits do; known when the section has ended. */
  isGrabbed: boolean;
}

/** Reads, judges and injects one gesture in one section; nothing is sent when `judge` refuses. */
export async function aim(
  gesture: Gesture | PressGesture,
  judge: Judge,
  { x, sources, modifierKeys, mayRaise }: PointerOptions & { readonly mayRaise: boolean },
): Promise<Aimed> {
  const target = { isGone: false };
  const onVanished = (): void => {
    target.isGone = true;
  };
  const aimed = await atomically<Aimed>(x, async () => {
    const reader = new SceneReader(x, sources);
    const path = reader.pathAt(gesture.at);
    const end = gesture.kind === 'press' && gesture.to !== null ? reader.forPointer(gesture.to) : null;
    const [reading, isGrabbed, isTaken, isKept, ending] = await Promise.all([
      reader.forPointer(gesture.at, path),
      reader.pathUnderPointer().then((under) => pointerIsGrabbed(x, under.at(-1) ?? x.root)),
      injectorIsTaken(x, 'pointer'),
      hasReservedButton(x, path, sources.paths.lastPointed),
      end,
    ]);
    const takers = isTaken || isKept ? [FOREIGN] : isGrabbed ? await menuOwner(x, reader, reading) : [];
    const held = await modifierRoute(gesture, reading, { x, reader, modifierKeys });
    const scene = {
      ...reading.scene,
      recipients: [
        ...reading.scene.recipients,
        ...(ending?.scene.recipients ?? []),
        ...takers,
        ...held.holders,
      ],
      isShortcut: held.isShortcut,
    };
    const decision = judge(scene);
    const judged = { decision, scene };
    if (!decision.allowed) return { value: { ...judged, raiseFirst: null } };
    refuseWhenHeld(reading);
    const { managed } = reading;
    const isPress = gesture.kind === 'click' || gesture.kind === 'press';
    if (mayRaise && isPress && managed !== null && managed !== scene.frontmostWindow) {
      return { value: { ...judged, raiseFirst: managed } };
    }
    return {
      value: { ...judged, raiseFirst: null },
      send: () => inject(x, gesture, { reading, isGrabbed, modifierKeys, onVanished }),
    };
  });
  if (target.isGone) throw new SceneChanged('the window closed as it was clicked');
  return aimed;
}

/** Who holds the grab of the pointer, and so gets a press before the window under it does. */
export const menuOwner = (x: XConnection, reader: SceneReader, { managed, path }: SceneReading) =>
  grabHolder(x, reader, managed ?? path[0] ?? null);

/** Whoever gets the modifier keys of a gesture before the focus does. */
async function modifierRoute(
  gesture: Gesture | PressGesture,
  reading: SceneReading,
  { x, reader, modifierKeys }: Pick<PointerOptions, 'x' | 'modifierKeys'> & { readonly reader: SceneReader },
): Promise<{ readonly holders: readonly Subject[]; readonly isShortcut: boolean }> {
  if (gesture.kind === 'move' || gesture.modifiers.length === 0) return { holders: [], isShortcut: false };
  const pressed = gesture.modifiers.map((modifier, index) => ({
    keycode: modifierKeys.keycodeOf(modifier),
    bits: gesture.modifiers.slice(0, index).reduce((mask, held) => mask | stateBitOf(held), 0),
  }));
  const [holders, isShortcut] = await Promise.all([
    keyHolders(x, reader, reading),
    isReserved(x, pressed, reading),
  ]);
  return { holders, isShortcut };
}

function refuseWhenHeld({ stateMask }: SceneReading): void {
  if ((stateMask & BUTTON_BITS) !== 0) throw new InputInUse('a mouse button');
  const held = heldModifiers(stateMask);
  if (held.length > 0) throw new InputInUse(held.join('+'));
}

interface Target {
  readonly reading: SceneReading;
  readonly isGrabbed: boolean;
  readonly modifierKeys: ModifierKeys;
  /** Told when the target was gone before the first press, which then went nowhere. */
  readonly onVanished: () => void;
}

/** A button that goes down over a target. */
interface Press extends Target {
  /** Of the modifiers that are down by then. */
  readonly keycodes: readonly number[];
  readonly bits: number;
}

function inject(x: XConnection, gesture: Gesture | PressGesture, target: Target): void {
  moveTo(x, gesture.at);
  if (gesture.kind === 'move') return;
  const { xtest } = x.ext;
  const keycodes = gesture.modifiers.map((modifier) => target.modifierKeys.keycodeOf(modifier));
  const bits = gesture.modifiers.reduce((mask, modifier) => mask | stateBitOf(modifier), 0);
  const press: Press = { ...target, keycodes, bits };
  if (gesture.kind === 'press') markDown(x, leftButton(keycodes));
  for (const keycode of keycodes) xtest.FakeInput(xtest.KeyPress, keycode, 0, 0, 0, 0);
  if (gesture.kind === 'press') {
    holdButton(x, gesture, press);
    return;
  }
  const button = gesture.kind === 'scroll' ? WHEEL[gesture.direction] : BUTTONS[gesture.button];
  const count = gesture.kind === 'scroll' ? gesture.notches : gesture.count;
  for (let i = 0; i < count; i++) pressButton(x, button, press);
  for (const keycode of keycodes.toReversed()) xtest.FakeInput(xtest.KeyRelease, keycode, 0, 0, 0, 0);
}

export function moveTo(x: XConnection, { x: left, y: top }: Point): void {
  x.ext.xtest.FakeInput(x.ext.xtest.MotionNotify, 0, 0, x.root, left, top);
}

function pressButton(x: XConnection, button: number, press: Press): void {
  const { client, ext } = x;
  const { xtest } = ext;
  if (!press.isGrabbed) pressPastGrabs(x, button, press);
  else xtest.FakeInput(xtest.ButtonPress, button, 0, 0, 0, 0);
  xtest.FakeInput(xtest.ButtonRelease, button, 0, 0, 0, 0);
  if (!press.isGrabbed) client.UngrabPointer(CURRENT_TIME);
}

/** Presses, and finds out whether a program took the pointer because of it. */
function holdButton(x: XConnection, { at, onPress }: PressGesture, press: Press): void {
  const { client, ext } = x;
  const { isGrabbed, keycodes } = press;
  const { path, managed } = press.reading;
  const pressed: Pressed = { at, path, managed, keycodes, isGrabbed };
  onPress(pressed);
  if (isGrabbed) {
    ext.xtest.FakeInput(ext.xtest.ButtonPress, BUTTONS.left, 0, 0, 0, 0);
    return;
  }
  const target = path.at(-1) ?? x.root;
  pressPastGrabs(x, BUTTONS.left, press);
  client.UngrabPointer(CURRENT_TIME);
  client.GrabPointer(target, true, 0, ASYNCHRONOUS, ASYNCHRONOUS, 0, 0, CURRENT_TIME, (error, status) => {
    pressed.isGrabbed = !error && status !== GRAB_SUCCESS;
    return true;
  });
  client.UngrabPointer(CURRENT_TIME);
}

/**
 * A window manager may hold a passive grab on the button: it would keep the press, and release it to whatever is
 * under the pointer later, after our section. So the press goes through a grab of our own and is replayed at
 * once, past every passive grab at or above the target (X11 protocol, AllowEvents, ReplayPointer).
 * When the target was gone, it goes to a passive grab of our own on the root, and nowhere else. A grab of the
 * pointer there would do that as well, but GTK 2 takes the pointer for gone then, and does not press its buttons.
 */
function pressPastGrabs(x: XConnection, button: number, { reading, bits, onVanished }: Press): void {
  const { client, ext, root } = x;
  const { xtest } = ext;
  const target = reading.path.at(-1) ?? root;
  const mask = x11.eventMask.ButtonPress;
  // the second is there in case that another program has some combination of the first
  const caught = [ANY_MODIFIER, (reading.stateMask & MODIFIER_BITS) | bits];
  for (const modifiers of caught) {
    client.GrabButton(root, false, mask, ASYNCHRONOUS, ASYNCHRONOUS, 0, 0, button, modifiers);
  }
  // kept inside the window, so that a hand on the mouse cannot carry the press to another one
  client.GrabPointer(target, false, mask, SYNCHRONOUS, ASYNCHRONOUS, target, 0, CURRENT_TIME, (error) => {
    if (error) onVanished();
    return true;
  });
  client.AllowEvents(SYNC_POINTER, CURRENT_TIME);
  xtest.FakeInput(xtest.ButtonPress, button, 0, 0, 0, 0);
  client.AllowEvents(REPLAY_POINTER, CURRENT_TIME);
  for (const modifiers of caught) client.UngrabButton(root, button, modifiers);
}
