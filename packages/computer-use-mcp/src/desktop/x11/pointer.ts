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

function inject(x: XConnection, gesture: Gesture | PressGesture, target: Target): void {
  moveTo(x, gesture.at);
  if (gesture.kind === 'move') return;
  const { xtest } = x.ext;
  const modifiers = gesture.modifiers.map((modifier) => target.modifierKeys.keycodeOf(modifier));
  if (gesture.kind === 'press') markDown(x, leftButton(modifiers));
  for (const keycode of modifiers) xtest.FakeInput(xtest.KeyPress, keycode, 0, 0, 0, 0);
  if (gesture.kind === 'press') {
    holdButton(x, gesture, { ...target, keycodes: modifiers });
    return;
  }
  const button = gesture.kind === 'scroll' ? WHEEL[gesture.direction] : BUTTONS[gesture.button];
  const count = gesture.kind === 'scroll' ? gesture.notches : gesture.count;
  for (let i = 0; i < count; i++) pressButton(x, button, target);
  for (const keycode of modifiers.toReversed()) xtest.FakeInput(xtest.KeyRelease, keycode, 0, 0, 0, 0);
}

export function moveTo(x: XConnection, { x: left, y: top }: Point): void {
  x.ext.xtest.FakeInput(x.ext.xtest.MotionNotify, 0, 0, x.root, left, top);
}

function pressButton(x: XConnection, button: number, { reading, isGrabbed, onVanished }: Target): void {
  const { client, ext } = x;
  const { xtest } = ext;
  const target = reading.path.at(-1) ?? x.root;
  if (!isGrabbed) pressPastGrabs(x, button, { target, onVanished });
  else xtest.FakeInput(xtest.ButtonPress, button, 0, 0, 0, 0);
  xtest.FakeInput(xtest.ButtonRelease, button, 0, 0, 0, 0);
  if (!isGrabbed) client.UngrabPointer(CURRENT_TIME);
}

/** Presses, and finds out whether a program took the pointer because of it. */
function holdButton(
  x: XConnection,
  { at, onPress }: PressGesture,
  { reading, isGrabbed, onVanished, keycodes }: Target & { readonly keycodes: readonly number[] },
): void {
  const { client, ext } = x;
  const { path, managed } = reading;
  const pressed: Pressed = { at, path, managed, keycodes, isGrabbed };
  onPress(pressed);
  if (isGrabbed) {
    ext.xtest.FakeInput(ext.xtest.ButtonPress, BUTTONS.left, 0, 0, 0, 0);
    return;
  }
  const target = path.at(-1) ?? x.root;
  pressPastGrabs(x, BUTTONS.left, { target, onVanished });
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
 * Our own grab is still there afterwards when the target was gone.
 */
function pressPastGrabs(
  x: XConnection,
  button: number,
  { target, onVanished }: { readonly target: number; readonly onVanished: () => void },
): void {
  const { client, ext } = x;
  const { xtest } = ext;
  const mask = x11.eventMask.ButtonPress;
  // kept inside the window, so that a hand on the mouse cannot carry the press to another one
  const grab = (window: number, mode: number, onDone: (isDone: boolean) => void): void =>
    client.GrabPointer(window, false, mask, mode, ASYNCHRONOUS, window, 0, CURRENT_TIME, (error) => {
      onDone(!error);
      return true;
    });
  // the root cannot go away: when the target does, this grab stays and swallows the press
  grab(x.root, ASYNCHRONOUS, () => undefined);
  grab(target, SYNCHRONOUS, (isDone) => {
    if (!isDone) onVanished();
  });
  client.AllowEvents(SYNC_POINTER, CURRENT_TIME);
  xtest.FakeInput(xtest.ButtonPress, button, 0, 0, 0, 0);
  client.AllowEvents(REPLAY_POINTER, CURRENT_TIME);
}
