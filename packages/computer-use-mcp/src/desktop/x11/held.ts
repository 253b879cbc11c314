import { z } from 'zod';
import type { Point } from '../../core/geometry.ts';
import type { AtomName, XConnection } from './connection.ts';
import { DEVICE, send, type Device } from './device-grabs.ts';
import { ASYNCHRONOUS, CURRENT_TIME } from './grab-state.ts';
import { atomically } from './section.ts';

const LEFT = 1;
const INPUT_OUTPUT = 1;
const ABOVE = 0;
const SHIELD_PX = 9;
/** A program that follows the pointer gets so long to see the shield, and then what was let go of over it. */
const SEE_MS = 30;
const FINISH_MS = 300;
/** One that answers pings gets so long to do it: nothing goes up before it has seen what it must not drop on. */
const SLOW_MS = 3_000;
const QUERY_DEVICE_STATE = 30;
const CLASS = { key: 0, button: 1 } as const;
const HEADER_BYTES = 24;
const Numbers = z.array(z.number());

/** What stands on the root window of what is down, for a server that comes after one that was killed. */
const MARKS = ['_DESKHAND_HELD_BUTTONS', '_DESKHAND_HELD_KEYS'] as const satisfies readonly AtomName[];
const ATOM_CARDINAL = 6;
const REPLACE = 0;
/** Keycodes start here (X11 protocol, section 5); smaller numbers of a mark are buttons. */
const FIRST_KEYCODE = 8;
/** Set in a mark for a keycode that does not repeat meanwhile. */
const SILENCED = 0x100;

/** What of ours is down. */
export interface Down {
  readonly mark: (typeof MARKS)[number];
  readonly buttons: readonly number[];
  /** In the order in which they were pressed. */
  readonly keycodes: readonly number[];
  /** Keys whose repeating was switched off meanwhile. */
  readonly silenced: readonly number[];
}

export const leftButton = (keycodes: readonly number[]): Down => ({
  mark: '_DESKHAND_HELD_BUTTONS',
  buttons: [LEFT],
  keycodes,
  silenced: [],
});

/** Writes down what is about to be pressed, in the same section. */
export function markDown(x: XConnection, { mark, buttons, keycodes, silenced }: Down): void {
  const numbers = [...buttons, ...keycodes, ...silenced.map((keycode) => keycode | SILENCED)];
  x.client.ChangeProperty(REPLACE, x.root, x.atom(mark), ATOM_CARDINAL, 32, numbers);
}

/** Whether what went down stands on the root window still: otherwise this is another server, or somebody let go. */
export const isMarked = async (x: XConnection, { mark }: Down): Promise<boolean> =>
  (await x.longs(x.root, mark)).length > 0;

/** Waits until the program that was pressed on has handled its events, or for `ms`; for `answerMs` when it takes pings. */
export type Settle = (ms: number, answerMs: number) => Promise<void>;

/**
 * Lets go of everything so that nobody gets anything by it. Where no program has the button, we take it for that
 * moment. Where one has, as in a drag, what it drags would be dropped on whatever is under the pointer: so a window
 * of our own, which takes no drops, lies there first and until the program is done.
 */
export async function letGoSafely(x: XConnection, down: Down, settle: Settle): Promise<void> {
  const { client } = x;
  const shield = down.buttons.length === 0 ? null : client.AllocID();
  if (shield !== null) {
    await atomically(x, async () => {
      const at = await pointerOf(x);
      return { value: undefined, send: () => coverWith(x, shield, at) };
    });
    await settle(SEE_MS, SLOW_MS);
  }
  await atomically(x, async () => {
    const [at] = await Promise.all([pointerOf(x), takeButtons(x, down), takeKeys(x, down)]);
    return {
      value: undefined,
      send: () => {
        if (shield !== null) client.ConfigureWindow(shield, { ...cornerOf(at), stackMode: ABOVE });
        letGo(x, down);
        // no others than ours end by this
        client.UngrabPointer(CURRENT_TIME);
        client.UngrabKeyboard(CURRENT_TIME);
      },
    };
  });
  if (shield === null) return;
  await settle(FINISH_MS, SLOW_MS);
  client.DestroyWindow(shield);
  await x.sync();
}

/**
 * Lets go of what a server of ours left down when it was killed or lost its connection, and of nothing that other
 * programs hold. Not to be called while another server may be acting.
 */
export async function releaseLeftovers(x: XConnection, settle: Settle): Promise<void> {
  for (const mark of MARKS) {
    const marked = await x.longs(x.root, mark);
    if (marked.length > 0) await letGoSafely(x, await stillDown(x, { mark, marked }), settle);
  }
}

async function stillDown(
  x: XConnection,
  { mark, marked }: Pick<Down, 'mark'> & { readonly marked: readonly number[] },
): Promise<Down> {
  const [buttons, keycodes] = await Promise.all([
    downOn(x, DEVICE.xtestPointer, CLASS.button),
    downOn(x, DEVICE.xtestKeyboard, CLASS.key),
  ]);
  return {
    mark,
    buttons: buttons.filter((button) => button < FIRST_KEYCODE && marked.includes(button)),
    keycodes: keycodes.filter((keycode) => marked.includes(keycode)),
    silenced: marked.flatMap((number) => ((number & SILENCED) === 0 ? [] : [number & ~SILENCED])),
  };
}

/** Sends the releases, the last pressed first. */
export function letGo(x: XConnection, { mark, buttons, keycodes, silenced }: Down): void {
  const { client, ext } = x;
  const { xtest } = ext;
  for (const button of buttons) xtest.FakeInput(xtest.ButtonRelease, button, 0, 0, 0, 0);
  for (const keycode of keycodes.toReversed()) xtest.FakeInput(xtest.KeyRelease, keycode, 0, 0, 0, 0);
  for (const key of silenced) client.ChangeKeyboardControl({ key, autoRepeatMode: 1 });
  client.DeleteProperty(x.root, x.atom(mark));
}

export async function pointerOf(x: XConnection): Promise<Point> {
  const at = await x.ask<{ readonly rootX: number; readonly rootY: number }>((reply) =>
    x.client.QueryPointer(x.root, reply),
  );
  return { x: at.rootX, y: at.rootY };
}

const cornerOf = ({ x, y }: Point): Point => ({
  x: x - Math.floor(SHIELD_PX / 2),
  y: y - Math.floor(SHIELD_PX / 2),
});

/** Puts the shield under the pointer, and moves it a little so that whoever follows it looks what is there. */
function coverWith(x: XConnection, shield: number, at: Point): void {
  const { client, ext, root } = x;
  const corner = cornerOf(at);
  const values = { overrideRedirect: 1 };
  client.CreateWindow(shield, root, corner.x, corner.y, SHIELD_PX, SHIELD_PX, 0, 0, INPUT_OUTPUT, 0, values);
  client.MapWindow(shield);
  ext.xtest.FakeInput(ext.xtest.MotionNotify, 0, 0, root, at.x > 0 ? at.x - 1 : 1, at.y);
}

/** Has the releases come to us, unless a program that we pressed in has them already. */
async function takeButtons(x: XConnection, { buttons }: Down): Promise<void> {
  if (buttons.length === 0) return;
  await x.ask<number>((reply) =>
    x.client.GrabPointer(x.root, false, 0, ASYNCHRONOUS, ASYNCHRONOUS, 0, 0, CURRENT_TIME, reply),
  );
}

async function takeKeys(x: XConnection, { keycodes }: Down): Promise<void> {
  if (keycodes.length === 0) return;
  const grab = (window: number): Promise<number | null> =>
    x.askOfWindow<number>((reply) =>
      x.client.GrabKeyboard(window, false, CURRENT_TIME, ASYNCHRONOUS, ASYNCHRONOUS, reply),
    );
  const { focus } = await x.ask<{ readonly focus: number }>((reply) => x.client.GetInputFocus(reply));
  // from the window that has the focus already, so that no application sees the focus move
  const taken = focus > 1 ? await grab(focus) : null;
  if (taken === null) await grab(x.root);
}

function downOn(
  x: XConnection,
  device: Device,
  which: (typeof CLASS)[keyof typeof CLASS],
): Promise<readonly number[]> {
  return x.ask<readonly number[]>((reply) => {
    const told = (error: Parameters<typeof reply>[0], value: unknown): true =>
      reply(error, Numbers.parse(value ?? []));
    const request = Buffer.alloc(8);
    request.writeUInt8(device, 4);
    send(x, QUERY_DEVICE_STATE, request);
    x.client.replies[x.client.seq_num] = [(data) => downIn(data, which), told];
    x.client.pack_stream.submit(true);
  });
}

/** The numbers of the bits that are set in the class that is asked for (XQueryDeviceState of the XI protocol). */
function downIn(answer: Buffer, which: number): readonly number[] {
  for (let at = HEADER_BYTES; at + 2 <= answer.length; at += Math.max(2, answer.readUInt8(at + 1))) {
    if (answer.readUInt8(at) !== which) continue;
    const bits = answer.subarray(at + 4, at + 36);
    return Array.from({ length: bits.length * 8 }, (_, bit) => bit).filter(
      (bit) => ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0,
    );
  }
  return [];
}
