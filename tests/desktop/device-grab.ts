import type { Desktop } from '../lab/desktop.ts';
import { connectX } from '../lab/x-connection.ts';

type Done<T> = (error: Error | null | undefined, value: T) => unknown;

declare module 'x11' {
  interface XClient {
    QueryExtension(name: string, done: Done<{ readonly majorOpcode: number }>): void;
    ReparentWindow(window: number, parent: number, x: number, y: number): void;
    WarpPointer(
      from: number,
      to: number,
      x: number,
      y: number,
      width: number,
      height: number,
      toX: number,
      toY: number,
    ): void;
    seq_num: number;
    readonly replies: Record<number, readonly [(reply: Buffer) => number, Done<number>]>;
    readonly pack_stream: { put(request: Buffer): void; submit(hasReply: boolean): unknown };
  }
}

/** Numbers of the server's own devices. */
export const MASTER_KEYBOARD = 3;
export const XTEST_POINTER = 4;
export const XTEST_KEYBOARD = 5;

const GRAB_DEVICE = 51;
const PASSIVE_GRAB_DEVICE = 54;
const KEYCODE = 1;
const ASYNC = 1;
const ANY_MODIFIER = 0x80000000;

/** A request of X Input 2, without its first four bytes. */
function deviceGrab(root: number, device: number): Buffer {
  const body = Buffer.alloc(24);
  body.writeUInt32LE(root, 0);
  body.writeUInt16LE(device, 12);
  body.writeUInt8(ASYNC, 14);
  body.writeUInt8(ASYNC, 15);
  body.writeUInt16LE(1, 18);
  return body;
}

function keyGrab(root: number, device: number, keycode: number): Buffer {
  const body = Buffer.alloc(36);
  body.writeUInt32LE(root, 4);
  body.writeUInt32LE(keycode, 12);
  body.writeUInt16LE(device, 16);
  body.writeUInt16LE(1, 18);
  body.writeUInt16LE(1, 20);
  body.writeUInt8(KEYCODE, 22);
  body.writeUInt8(ASYNC, 23);
  body.writeUInt8(ASYNC, 24);
  body.writeUInt32LE(ANY_MODIFIER, 32);
  return body;
}

/** Takes a device, or with `keycode` reserves one key of it, through X Input 2; gives what lets go of it. */
export async function grabDevice(
  desktop: Desktop,
  device: number,
  keycode?: number,
): Promise<() => Promise<void>> {
  const x = desktop.own(await connectX(desktop));
  const { majorOpcode } = await x.ask<{ readonly majorOpcode: number }>((client, done) =>
    client.QueryExtension('XInputExtension', done),
  );
  const body = keycode === undefined ? deviceGrab(x.root, device) : keyGrab(x.root, device, keycode);
  const head = Buffer.alloc(4);
  head.writeUInt8(majorOpcode, 0);
  head.writeUInt8(keycode === undefined ? GRAB_DEVICE : PASSIVE_GRAB_DEVICE, 1);
  head.writeUInt16LE((body.length + 4) / 4, 2);
  const failed = await x.ask<number>((client, done) => {
    client.seq_num++;
    client.pack_stream.put(Buffer.concat([head, body]));
    // a status of the one, and a number of keys that were not free of the other: 0 is success for both
    const read = (reply: Buffer): number =>
      keycode === undefined ? reply.readUInt8(0) : reply.readUInt16LE(0);
    client.replies[client.seq_num] = [read, done];
    client.pack_stream.submit(true);
  });
  if (failed !== 0) throw new Error(`device ${device} was not grabbed: ${failed}`);
  return () => x.close();
}
