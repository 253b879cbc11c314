import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import type { Closable } from './belongings.ts';
import { seatOf, type Desktop } from './desktop.ts';
import { eventually } from './eventually.ts';

/** A person at the desktop: a viewer whose keys and pointer come from devices that no program injects into. */
export interface Person extends Closable {
  /** Presses and releases a key, by its X keysym. */
  press(keysym: number): void;
  move(x: number, y: number): void;
  click(x: number, y: number): void;
  /** Keeps moving the mouse a little until the function that it gives is called. */
  fidget(): () => void;
}

export const KEY = { escape: 0xff1b, f12: 0xffc9, a: 0x61 } as const;

const FIDGET_MS = 50;

/** Messages of the client, RFC 6143 section 7.5. */
const MESSAGE = { key: 4, pointer: 5 } as const;

function keyEvent(keysym: number, isDown: boolean): Buffer {
  const message = Buffer.alloc(8);
  message.writeUInt8(MESSAGE.key, 0);
  message.writeUInt8(isDown ? 1 : 0, 1);
  message.writeUInt32BE(keysym, 4);
  return message;
}

function pointerEvent(x: number, y: number, buttons: number): Buffer {
  const message = Buffer.alloc(6);
  message.writeUInt8(MESSAGE.pointer, 0);
  message.writeUInt8(buttons, 1);
  message.writeUInt16BE(x, 2);
  message.writeUInt16BE(y, 4);
  return message;
}

/** Version, no security, shared: RFC 6143 section 7.1 to 7.3. What the screen shows is never asked for. */
async function shakeHands(socket: Socket): Promise<void> {
  let received = 0;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  const gotten = (bytes: number) => eventually('the server of the viewer', () => received >= bytes);
  await gotten(12);
  socket.write('RFB 003.008\n');
  await gotten(12 + 2);
  socket.write(Buffer.from([1]));
  await gotten(12 + 2 + 4);
  socket.write(Buffer.from([1]));
  await gotten(12 + 2 + 4 + 24);
}

/** Takes the seat of a desktop that has one. */
export async function sitDown(desktop: Desktop): Promise<Person> {
  const socket = connect(seatOf(desktop.folder));
  await once(socket, 'connect');
  socket.on('error', () => undefined); // the desktop was closed first
  await shakeHands(socket);
  const at = { x: 0, y: 0 };
  const move = (x: number, y: number): void => {
    Object.assign(at, { x, y });
    socket.write(pointerEvent(x, y, 0));
  };
  return desktop.own({
    press: (keysym) => {
      socket.write(Buffer.concat([keyEvent(keysym, true), keyEvent(keysym, false)]));
    },
    move,
    click: (x, y) => {
      move(x, y);
      socket.write(Buffer.concat([pointerEvent(x, y, 1), pointerEvent(x, y, 0)]));
    },
    fidget: () => {
      const done = new AbortController();
      void (async () => {
        for (let step = 0; !done.signal.aborted; step++) {
          move(at.x + (step % 2 === 0 ? 1 : -1), at.y);
          await delay(FIDGET_MS);
        }
      })();
      return () => done.abort();
    },
    close: async () => {
      socket.destroy();
      await Promise.resolve();
    },
  });
}
