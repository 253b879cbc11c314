import { setTimeout as delay } from 'node:timers/promises';
import type { XConnection } from '../../desktop/x11/connection.ts';

const INPUT_ONLY = 2;
/** Of windows that manage themselves icewm says nothing. */
const OF_ITS_OWN = { overrideRedirect: 0 };
const LOOK_MS = 2;
const MAX_WORDS = 1024;
/** One that is still starting hears nothing. */
const ASK_AGAIN_MS = 250;
/** One that has more to do than this is not waited for. */
const PATIENCE_MS = 2000;

/**
 * Waits until the window manager has done what it was asked for so far, and has seen to each new window: it may give
 * one the focus long after it showed it. A request for the frame of a window that is never shown is answered behind.
 */
export async function untilManaged(x: XConnection): Promise<void> {
  const [supported, request, answer] = await Promise.all([
    atomOf(x, '_NET_SUPPORTED'),
    atomOf(x, '_NET_REQUEST_FRAME_EXTENTS'),
    atomOf(x, '_NET_FRAME_EXTENTS'),
  ]);
  const able = await dataOf(x, x.root, supported);
  if (!Array.from({ length: able.length >> 2 }, (_, at) => able.readUInt32LE(at * 4)).includes(request))
    return;
  const window = x.client.AllocID();
  x.client.CreateWindow(window, x.root, 0, 0, 1, 1, 0, 0, INPUT_ONLY, 0, OF_ITS_OWN);
  const start = performance.now();
  for (let asked = 0; (await dataOf(x, window, answer)).length === 0;) {
    const waited = performance.now() - start;
    if (waited > PATIENCE_MS) break;
    if (waited >= asked * ASK_AGAIN_MS) {
      asked += 1;
      x.client.SendClientMessage(x.root, window, request, 32, [0, 0, 0]);
    }
    await delay(LOOK_MS);
  }
  x.client.DestroyWindow(window);
}

const atomOf = (x: XConnection, name: string): Promise<number> =>
  x.ask<number>((reply) => x.client.InternAtom(false, name, reply));

async function dataOf(x: XConnection, window: number, property: number): Promise<Buffer> {
  const { data } = await x.ask<{ readonly data: Buffer }>((reply) =>
    x.client.GetProperty(0, window, property, 0, 0, MAX_WORDS, reply),
  );
  return data;
}
