import type { Subject } from '@deskhand/tier-policy';
import type { Judge, Judged } from '../desktop.ts';
import type { XConnection } from './connection.ts';
import { hasReservedKey, injectorIsTaken, type PressedKey } from './device-grabs.ts';
import { ASYNCHRONOUS, FOREIGN, grabHolder, keyboardIsGrabbed } from './grab-state.ts';
import { lockedBits } from './modifiers.ts';
import type { OwnerSources } from './owners.ts';
import { SceneReader, type SceneReading } from './scene.ts';
import { atomically } from './section.ts';

/** Any key with any modifiers, as the core protocol writes it. */
const ANY_KEY: PressedKey = { keycode: 0, bits: 0x8000 };

/** Whoever gets keys before the focus does, because of a grab of the keyboard. */
export async function keyHolders(
  x: XConnection,
  reader: SceneReader,
  { focus, managed }: SceneReading,
): Promise<readonly Subject[]> {
  if (focus === null) return [];
  const [isGrabbed, isTaken] = await Promise.all([
    keyboardIsGrabbed(x, focus),
    injectorIsTaken(x, 'keyboard'),
  ]);
  if (isTaken) return [FOREIGN];
  return isGrabbed ? grabHolder(x, reader, managed) : [];
}

/**
 * Whether somebody else, such as the window manager, has reserved one of these keys on the way from the root to
 * where keys go: then the key would go there instead. X answers that when we ask to reserve it too.
 */
export async function isReserved(
  x: XConnection,
  pressed: readonly PressedKey[],
  { keyPath, stateMask }: SceneReading,
): Promise<boolean> {
  const locks = lockedBits(stateMask);
  const distinct = new Map(
    pressed.map(({ keycode, bits }) => [`${keycode}/${bits}`, { keycode, bits: bits | locks }]),
  );
  const keys = [...distinct.values()];
  const windows = [x.root, ...keyPath];
  const [free, hasDeviceGrab] = await Promise.all([
    Promise.all(windows.map((window) => areFree(x, window, keys))),
    hasReservedKey(x, windows, keys),
  ]);
  return hasDeviceGrab || free.includes(false);
}

/** Only the root is likely to have reserved keys at all, so every other window is asked about any key first. */
async function areFree(x: XConnection, window: number, keys: readonly PressedKey[]): Promise<boolean> {
  if (window !== x.root && (await isFree(x, window, ANY_KEY))) return true;
  const free = await Promise.all(keys.map((key) => isFree(x, window, key)));
  return !free.includes(false);
}

const isFree = (x: XConnection, window: number, { keycode, bits }: PressedKey): Promise<boolean> =>
  x.attempt((done) => {
    x.client.GrabKey(window, true, bits, keycode, ASYNCHRONOUS, ASYNCHRONOUS, done);
    // not after the answer: until then it would take keys of the person. It ends nobody's reservation but ours
    x.client.UngrabKey(window, keycode, bits, () => true);
  });

/** Reads and judges in one section who would receive a key, and sends none. */
export function judgeKeys(
  judge: Judge,
  { x, sources }: { readonly x: XConnection; readonly sources: OwnerSources },
): Promise<Judged> {
  return atomically<Judged>(x, async () => {
    const reader = new SceneReader(x, sources);
    const reading = await reader.forKeyboard();
    const holders = await keyHolders(x, reader, reading);
    const scene = { ...reading.scene, recipients: [...reading.scene.recipients, ...holders] };
    return { value: { decision: judge(scene), scene } };
  });
}
