import type { Geometry, Res, WindowAttributes } from 'x11';

import { eventually } from './eventually.ts';
import type { XConnection } from './x-connection.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const VIEWABLE = 2;
const LOCAL_PID = 2;
const STATIC_GRAVITY = 10;
/** xterm draws a border of its own around its inside. */
const OWN_BORDER = 1;

/** The process behind a window, from the credentials of its socket; undefined for a remote client. */
export async function pidOf(x: XConnection, window: number): Promise<number | undefined> {
  const res = await x.ask<Res>((client, done) => client.require('res', done));
  const ids = await x.ask<readonly { value: readonly number[] }[]>((_, done) =>
    res.QueryClientIds([{ client: window, mask: LOCAL_PID }], done),
  );
  return ids[0]?.value[0];
}

export async function isMapped(x: XConnection, window: number): Promise<boolean> {
  const attributes = await x.ask<WindowAttributes>((client, done) =>
    client.GetWindowAttributes(window, done),
  );
  return attributes.mapState === VIEWABLE;
}

/** The managed windows of one process that can be seen, oldest first. */
export async function windowsOf(x: XConnection, pid: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (const window of await x.numbers(x.root, '_NET_CLIENT_LIST')) {
    try {
      if ((await pidOf(x, window)) === pid && (await isMapped(x, window))) found.push(window);
    } catch {
      // It was closed since the list was read.
    }
  }
  return found;
}

/** Where the window's inside is on the screen, without its decorations. */
export async function geometryOf(x: XConnection, window: number): Promise<Rect> {
  const { width, height } = await x.ask<Geometry>((client, done) => client.GetGeometry(window, done));
  const { destX, destY } = await x.ask<{ destX: number; destY: number }>((client, done) =>
    client.TranslateCoordinates(window, x.root, 0, 0, done),
  );
  return { x: destX, y: destY, width, height };
}

export async function titleOf(x: XConnection, window: number): Promise<string> {
  const title = await x.property(window, '_NET_WM_NAME');
  return (title.length > 0 ? title : await x.property(window, 'WM_NAME')).toString();
}

async function parentOf(x: XConnection, window: number): Promise<number> {
  const { parent } = await x.ask<{ parent: number }>((client, done) => client.QueryTree(window, done));
  return parent;
}

async function hasInputFocus(x: XConnection, window: number): Promise<boolean> {
  const { focus } = await x.ask<{ focus: number }>((client, done) => client.GetInputFocus(done));
  try {
    for (let at = focus; at > 1 && at !== x.root; at = await parentOf(x, at)) {
      if (at === window) return true;
    }
  } catch {
    // The window that had the focus was closed meanwhile.
  }
  return false;
}

/** True when the window manager calls it active and the keyboard's focus is in it. */
export async function isActive(x: XConnection, window: number): Promise<boolean> {
  const [active] = await x.numbers(x.root, '_NET_ACTIVE_WINDOW');
  return active === window && (await hasInputFocus(x, window));
}

const INPUT_ONLY = 2;
/** A window manager that is still starting, or takes over from another one, hears nothing. */
const ASK_AGAIN_MS = 250;

/** Waits until the window manager has done what it was asked for so far, and has seen to each new window. */
export async function untilManaged(x: XConnection): Promise<void> {
  const [request, answer] = [await x.atom('_NET_REQUEST_FRAME_EXTENTS'), '_NET_FRAME_EXTENTS'];
  if (!(await x.numbers(x.root, '_NET_SUPPORTED')).includes(request)) return;
  const window = x.client.AllocID();
  x.client.CreateWindow(window, x.root, 0, 0, 1, 1, 0, 0, INPUT_ONLY, 0, {});
  let askedAt = -Infinity;
  await eventually('the window manager to answer', async () => {
    if (performance.now() - askedAt > ASK_AGAIN_MS) {
      x.client.SendClientMessage(x.root, window, request, 32, [0, 0, 0, 0, 0]);
      askedAt = performance.now();
    }
    return (await x.property(window, answer)).length > 0;
  });
  x.client.DestroyWindow(window);
}

const FROM_PAGER = 2;
const REVERT_TO_POINTER_ROOT = 1;

/** Asks the window manager for the front and the focus, as a pager does, and waits for both. */
export async function activate(x: XConnection, window: number): Promise<void> {
  const message = await x.atom('_NET_ACTIVE_WINDOW');
  await eventually(`window ${window} to become active`, async () => {
    // Whoever was opened or asked for before gets the focus first, and nothing comes after.
    await untilManaged(x);
    if (await isActive(x, window)) return true;
    x.client.SendClientMessage(x.root, window, message, 32, [FROM_PAGER, 0, 0, 0, 0]);
    await untilManaged(x);
    if (await isActive(x, window)) return true;
    const [active] = await x.numbers(x.root, '_NET_ACTIVE_WINDOW');
    // icewm leaves the focus with its thief when it holds the window active all the while.
    if (active === window) x.client.SetInputFocus(window, REVERT_TO_POINTER_ROOT);
    return false;
  });
}

/** Puts the window's inside at `rect`, and waits until it is there. */
export async function place(x: XConnection, window: number, rect: Rect): Promise<void> {
  const message = await x.atom('_NET_MOVERESIZE_WINDOW');
  const everything = 0xf << 8;
  x.client.SendClientMessage(x.root, window, message, 32, [
    STATIC_GRAVITY | everything,
    rect.x,
    rect.y,
    rect.width,
    rect.height,
  ]);
  let last: Rect | undefined;
  await eventually(`window ${window} at ${JSON.stringify(rect)}`, async () => {
    const before = last;
    last = await geometryOf(x, window);
    const offset = Math.max(Math.abs(last.x - rect.x), Math.abs(last.y - rect.y));
    // The size may differ, when the window grows in steps, but it has to stand still.
    return offset <= OWN_BORDER && last.width === before?.width && last.height === before.height;
  });
}
