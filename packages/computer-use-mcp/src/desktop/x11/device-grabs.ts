import type { XConnection } from './connection.ts';

/** A key with the modifier bits that the server sees with it. */
export interface PressedKey {
  readonly keycode: number;
  readonly bits: number;
}

/** Devices that the server makes itself, by their fixed numbers: XTEST is what our events come from. */
export const DEVICE = { masterKeyboard: 3, xtestPointer: 4, xtestKeyboard: 5 } as const;

/** Where events that programs inject come from. */
export const INJECTORS: ReadonlySet<number> = new Set([DEVICE.xtestPointer, DEVICE.xtestKeyboard]);

export type Device = (typeof DEVICE)[keyof typeof DEVICE];

/** A grab for all devices, or for all masters, meets those for one of them too. */
const KEY_DEVICES = [DEVICE.masterKeyboard, DEVICE.xtestKeyboard] as const;

const PASSIVE_GRAB = 54;
const PASSIVE_UNGRAB = 55;
const GRAB_TYPE = { button: 0, key: 1 } as const;
const ASYNCHRONOUS = 1;
const ANY_KEY = 0;
const ANY_MODIFIER = 0x80000000;

/**
 * Whether somebody took the device that our events come from away from the others. The core protocol does not
 * show such a grab; the device then no longer belongs to the keyboard or pointer that everybody shares.
 */
export async function injectorIsTaken(x: XConnection, which: 'keyboard' | 'pointer'): Promise<boolean> {
  const number = which === 'keyboard' ? DEVICE.xtestKeyboard : DEVICE.xtestPointer;
  const devices = await x.ask<readonly { readonly name: string; readonly use: number }[]>((reply) =>
    x.ext.xinput.XIQueryDevice(number, reply),
  );
  return devices.some(
    ({ name, use }) => !name.includes('XTEST') || use === x.ext.xinput.DeviceType.FloatingSlave,
  );
}

/** Whether somebody reserved one of the keys on one of the windows through X Input 2, for any device of ours. */
export async function hasReservedKey(
  x: XConnection,
  windows: readonly number[],
  keys: readonly PressedKey[],
): Promise<boolean> {
  const tries = windows.flatMap((window) =>
    KEY_DEVICES.map(async (device) => {
      const grab = { window, device, type: GRAB_TYPE.key };
      if (await isFree(x, grab, { keycode: ANY_KEY, bits: ANY_MODIFIER })) return false;
      const free = await Promise.all(keys.map((key) => isFree(x, grab, key)));
      return free.includes(false);
    }),
  );
  return (await Promise.all(tries)).includes(true);
}

/**
 * Whether somebody reserved a button of the device that ours come from, on the root or on the way of `path`: that
 * takes a press before any grab of the pointer that everybody shares. Windows that are likely are asked about
 * before the path is known.
 */
export async function hasReservedButton(
  x: XConnection,
  path: Promise<readonly number[]>,
  likely: readonly number[],
): Promise<boolean> {
  const asked = new Map([x.root, ...likely].map((window) => [window, isButtonFree(x, window)]));
  const [windows] = await Promise.all([path, ...asked.values()]);
  const free = await Promise.all(
    [x.root, ...windows].map((window) => asked.get(window) ?? isButtonFree(x, window)),
  );
  return free.includes(false);
}

const isButtonFree = (x: XConnection, window: number): Promise<boolean> =>
  isFree(
    x,
    { window, device: DEVICE.xtestPointer, type: GRAB_TYPE.button },
    { keycode: ANY_KEY, bits: ANY_MODIFIER },
  );

interface PassiveGrab {
  readonly window: number;
  readonly device: Device;
  readonly type: (typeof GRAB_TYPE)[keyof typeof GRAB_TYPE];
}

/**
 * Reserves a key or button and lets go of it at once, without waiting for the answer: until then it would take what the
 * person presses. False when somebody else has it; a window that is gone reserves nothing.
 */
async function isFree(
  x: XConnection,
  { window, device, type }: PassiveGrab,
  key: PressedKey,
): Promise<boolean> {
  const { keycode, bits } = key;
  const request = Buffer.alloc(36);
  request.writeUInt32LE(window, 8);
  request.writeUInt32LE(keycode, 16);
  request.writeUInt16LE(device, 20);
  request.writeUInt16LE(1, 22); // modifier sets, of which there is one
  request.writeUInt8(type, 26);
  request.writeUInt8(ASYNCHRONOUS, 27);
  request.writeUInt8(ASYNCHRONOUS, 28);
  request.writeUInt32LE(bits, 32);
  const refused = await x.askOfWindow<number>((reply) => {
    const told = (error: Parameters<typeof reply>[0], count: unknown): true =>
      reply(error, typeof count === 'number' ? count : 1);
    send(x, PASSIVE_GRAB, request);
    x.client.replies[x.client.seq_num] = [(answer) => answer.readUInt16LE(0), told];
    letGoOf(x, { window, device, type }, key);
    x.client.pack_stream.submit(true);
  });
  return refused === null || refused === 0;
}

/** Ends no reservation of others. */
function letGoOf(x: XConnection, { window, device, type }: PassiveGrab, { keycode, bits }: PressedKey): void {
  const release = Buffer.alloc(24);
  release.writeUInt32LE(window, 4);
  release.writeUInt32LE(keycode, 8);
  release.writeUInt16LE(device, 12);
  release.writeUInt16LE(1, 14);
  release.writeUInt8(type, 16);
  release.writeUInt32LE(bits, 20);
  send(x, PASSIVE_UNGRAB, release);
}

/** Puts a request of X Input 2.2 (XI2proto) into the stream. */
export function send({ client, ext }: XConnection, opcode: number, request: Buffer): void {
  client.seq_num++;
  request.writeUInt8(ext.xinput.majorOpcode, 0);
  request.writeUInt8(opcode, 1);
  request.writeUInt16LE(request.length / 4, 2);
  client.pack_stream.put(request);
}
