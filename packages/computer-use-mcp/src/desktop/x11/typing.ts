import { KEYSYM, type Placement } from '../../core/keymap.ts';
import type { Judge, Judged } from '../desktop.ts';
import { InputInUse } from '../failure.ts';
import type { XConnection } from './connection.ts';
import { isReserved, keyHolders } from './key-route.ts';
import type { Keyboard } from './keyboard.ts';
import { LOCK_BIT, groupOf, heldModifiers, stateBitOf } from './modifiers.ts';
import type { OwnerSources } from './owners.ts';
import { SceneReader, type SceneReading } from './scene.ts';
import { atomically } from './section.ts';

/** A key with everything that is held while it is pressed. */
export interface Stroke {
  readonly held: readonly number[];
  readonly keycode: number;
  /** Modifier bits that the server sees with the key. */
  readonly bits: number;
}

export interface KeyPlan {
  /** Keysyms held as modifiers, as names of `ModifierKeys`. */
  readonly modifiers: readonly string[];
  /** `null` when only the modifiers are pressed. */
  readonly keysym: number | null;
}

/** What one section did: judged, and whether the keys were sent or the keyboard must be read again. */
export interface Keyed extends Judged {
  readonly outcome: 'sent' | 'refused' | 'keyboard_changed';
}

export interface KeyOptions {
  readonly x: XConnection;
  readonly keyboard: Keyboard;
  readonly sources: OwnerSources;
  /** Presses and lets go, unless something else is to be done with the keys. */
  readonly deliver?: Delivery | undefined;
}

/** Sends keys that were allowed; the caps lock is given when it is on. */
export type Delivery = (x: XConnection, strokes: readonly Stroke[], at: Arrival) => void;

export interface Arrival {
  readonly capsLock: number | null;
  readonly focus: number | null;
}

const LEVEL3_BIT = 0x80;
const REVERT_TO_NONE = 0;

/** Reads, judges and sends a few keys in one section; nothing is sent when `judge` refuses. */
export function pressKeys(
  plans: readonly KeyPlan[],
  judge: Judge,
  { x, keyboard, sources, deliver = tap }: KeyOptions,
): Promise<Keyed> {
  return atomically<Keyed>(x, async () => {
    const reader = new SceneReader(x, sources);
    const reading = await reader.forKeyboard();
    const strokes = strokesFor(plans, keyboard, groupOf(reading.stateMask));
    const [holders, shortcut] = await Promise.all([
      keyHolders(x, reader, reading),
      strokes === null ? false : isReserved(x, strokes, reading),
    ]);
    const scene = {
      ...reading.scene,
      recipients: [...reading.scene.recipients, ...holders],
      isShortcut: shortcut,
    };
    const decision = judge(scene);
    if (!decision.allowed) return { value: { decision, scene, outcome: 'refused' as const } };
    const held = heldModifiers(reading.stateMask);
    if (held.length > 0) throw new InputInUse(held.join('+'));
    if (strokes === null || keyboard.isStale) {
      return { value: { decision, scene, outcome: 'keyboard_changed' as const } };
    }
    const capsLock = (reading.stateMask & LOCK_BIT) === 0 ? null : keyboard.keycodeOf(KEYSYM.Caps_Lock);
    return {
      value: { decision, scene, outcome: 'sent' as const },
      send: () => keepingFocus(x, reading, () => deliver(x, strokes, { capsLock, focus: reading.focus })),
    };
  });
}

/** `null` when the active layout lacks a symbol: the keyboard changed since the keys were borrowed. */
function strokesFor(plans: readonly KeyPlan[], keyboard: Keyboard, group: number): readonly Stroke[] | null {
  const strokes = plans.map((plan) => strokeFor(plan, keyboard, group));
  return strokes.every((stroke) => stroke !== null) ? strokes : null;
}

function strokeFor({ modifiers, keysym }: KeyPlan, keyboard: Keyboard, group: number): Stroke | null {
  const held = modifiers.map((modifier) => keyboard.modifierKeys.keycodeOf(modifier));
  const bits = modifiers.reduce((mask, modifier) => mask | stateBitOf(modifier), 0);
  if (keysym === null) {
    const last = held.at(-1);
    return last === undefined ? null : { held: held.slice(0, -1), keycode: last, bits };
  }
  const placement = keyboard.place(keysym, group);
  return placement === null ? null : withLevels({ held, bits, modifiers }, placement, keyboard);
}

function withLevels(
  base: { readonly held: readonly number[]; readonly bits: number; readonly modifiers: readonly string[] },
  { keycode, shift, level3 }: Placement,
  keyboard: Keyboard,
): Stroke | null {
  const needsShift = shift && !base.modifiers.includes('shift');
  const level3Key = level3 ? keyboard.level3Key : null;
  if (level3 && level3Key === null) return null;
  return {
    held: [
      ...base.held,
      ...(needsShift ? [keyboard.modifierKeys.keycodeOf('shift')] : []),
      ...(level3Key === null ? [] : [level3Key]),
    ],
    keycode,
    bits: base.bits | (needsShift ? stateBitOf('shift') : 0) | (level3 ? LEVEL3_BIT : 0),
  };
}

/**
 * When the window with the focus goes away, the focus may fall to whatever is under the pointer. For the time of
 * the keys it falls to nobody instead.
 */
export function keepingFocus(x: XConnection, { focus, revertTo }: SceneReading, work: () => void): void {
  if (focus !== null) x.client.SetInputFocus(focus, REVERT_TO_NONE);
  work();
  if (focus !== null) x.client.SetInputFocus(focus, revertTo);
}

function tap(x: XConnection, strokes: readonly Stroke[], { capsLock }: Arrival): void {
  const { xtest } = x.ext;
  const press = (keycode: number): void => xtest.FakeInput(xtest.KeyPress, keycode, 0, 0, 0, 0);
  const release = (keycode: number): void => xtest.FakeInput(xtest.KeyRelease, keycode, 0, 0, 0, 0);
  const tapCapsLock = (): void => {
    if (capsLock === null) return;
    press(capsLock);
    release(capsLock);
  };
  tapCapsLock();
  for (const { held, keycode } of strokes) {
    held.forEach(press);
    press(keycode);
    release(keycode);
    held.toReversed().forEach(release);
  }
  tapCapsLock();
}
