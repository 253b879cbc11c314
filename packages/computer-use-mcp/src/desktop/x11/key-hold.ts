import type { Judge, Judged } from '../desktop.ts';
import type { XConnection } from './connection.ts';
import { injectorIsTaken } from './device-grabs.ts';
import {
  ASYNCHRONOUS,
  CURRENT_TIME,
  FOREIGN,
  GRAB_SUCCESS,
  grabHolder,
  keyboardIsGrabbed,
} from './grab-state.ts';
import { letGo, markDown, type Down } from './held.ts';
import type { OwnerSources } from './owners.ts';
import { SceneReader } from './scene.ts';
import { atomically } from './section.ts';
import { keepingFocus, type Delivery, type Stroke } from './typing.ts';

const REPEATS = 1;

/** Keys that are down. */
export interface HeldKeys {
  readonly down: Down;
  /** The key that is pressed again and again, when the keyboard repeats it. */
  readonly repeated: number | null;
  /** Somebody has the keyboard because of the press, as a window manager does for a shortcut of its own. */
  isGrabbed: boolean;
}

/** Keys that the keyboard presses again by itself while they are down. */
export async function repeatingKeys(x: XConnection): Promise<(keycode: number) => boolean> {
  const { globalAutoRepeat, autoRepeats } = await x.ask<{
    readonly globalAutoRepeat: number;
    readonly autoRepeats: Buffer;
  }>((reply) => x.client.GetKeyboardControl(reply));
  return (keycode) =>
    globalAutoRepeat === REPEATS && ((autoRepeats[keycode >> 3] ?? 0) & (1 << (keycode & 7))) !== 0;
}

/**
 * Presses one combination and leaves it down. The server repeats a key to whoever has the focus by then, so that is
 * switched off for this key, and we repeat it, judged each time.
 */
export function holdDown(repeats: (keycode: number) => boolean, onPress: (held: HeldKeys) => void): Delivery {
  return (x, strokes, { focus }) => {
    const pressed = strokes.flatMap(({ held, keycode }: Stroke) => [...held, keycode]);
    const last = pressed.at(-1) ?? 0;
    const repeated = repeats(last) ? last : null;
    const silenced = repeated === null ? [] : [repeated];
    const held: HeldKeys = {
      down: { mark: '_DESKHAND_HELD_KEYS', buttons: [], keycodes: pressed, silenced },
      repeated,
      isGrabbed: false,
    };
    onPress(held);
    const { client, ext } = x;
    markDown(x, held.down);
    for (const key of silenced) client.ChangeKeyboardControl({ key, autoRepeatMode: 0 });
    for (const keycode of pressed) ext.xtest.FakeInput(ext.xtest.KeyPress, keycode, 0, 0, 0, 0);
    client.GrabKeyboard(focus ?? x.root, true, CURRENT_TIME, ASYNCHRONOUS, ASYNCHRONOUS, (error, status) => {
      held.isGrabbed = !error && status !== GRAB_SUCCESS;
      return true;
    });
    client.UngrabKeyboard(CURRENT_TIME);
  };
}

export interface KeyStep {
  readonly then: 'hold' | 'repeat' | 'release';
  readonly held: HeldKeys;
}

/** Judges who would get the keys that are down now, and then repeats or lets go of them in the same section. */
export function stepKeys(
  { then, held }: KeyStep,
  judge: Judge,
  { x, sources }: { readonly x: XConnection; readonly sources: OwnerSources },
): Promise<Judged> {
  return atomically<Judged>(x, async () => {
    const reader = new SceneReader(x, sources);
    const reading = await reader.forKeyboard();
    const [isGrabbed, isTaken] = await Promise.all([
      reading.focus === null ? false : keyboardIsGrabbed(x, reading.focus),
      injectorIsTaken(x, 'keyboard'),
    ]);
    const isForeign = isGrabbed && !held.isGrabbed;
    const holders = isTaken ? [FOREIGN] : isForeign ? await grabHolder(x, reader, reading.managed) : [];
    const scene = { ...reading.scene, recipients: [...reading.scene.recipients, ...holders] };
    const decision = judge(scene);
    if (!decision.allowed) return { value: { decision, scene } };
    held.isGrabbed = isGrabbed;
    return { value: { decision, scene }, send: () => keepingFocus(x, reading, () => deliver(x, then, held)) };
  });
}

function deliver(x: XConnection, then: KeyStep['then'], { down, repeated }: HeldKeys): void {
  const { xtest } = x.ext;
  if (then === 'release') letGo(x, down);
  if (then !== 'repeat' || repeated === null) return;
  xtest.FakeInput(xtest.KeyRelease, repeated, 0, 0, 0, 0);
  xtest.FakeInput(xtest.KeyPress, repeated, 0, 0, 0, 0);
}
