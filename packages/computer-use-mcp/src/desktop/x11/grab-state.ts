import type { Subject } from '@deskhand/tier-policy';
import type { XConnection } from './connection.ts';
import type { SceneReader } from './scene.ts';

export const GRAB_SUCCESS = 0;
export const SYNCHRONOUS = 0;
export const ASYNCHRONOUS = 1;
export const CURRENT_TIME = 0;

export const FOREIGN: Subject = { kind: 'unknown', reason: 'foreign_grab' };
const VIEWABLE = 2;

/** What an unmanaged window says it is, when it is no menu and so does not explain a grab. */
const NO_MENUS = [
  '_NET_WM_WINDOW_TYPE_TOOLTIP',
  '_NET_WM_WINDOW_TYPE_NOTIFICATION',
  '_NET_WM_WINDOW_TYPE_DND',
  '_NET_WM_WINDOW_TYPE_SPLASH',
  '_NET_WM_WINDOW_TYPE_DOCK',
  '_NET_WM_WINDOW_TYPE_DESKTOP',
] as const;

/**
 * Whether somebody else has grabbed the keyboard. The probe grabs from the window that has the focus already,
 * so that no application sees the focus move.
 */
export async function keyboardIsGrabbed(x: XConnection, focus: number): Promise<boolean> {
  const status = await x.ask<number>((reply) => {
    x.client.GrabKeyboard(focus, true, CURRENT_TIME, ASYNCHRONOUS, ASYNCHRONOUS, reply);
    // not after the answer: what the person presses until then would be lost. It ends no grab but ours
    x.client.UngrabKeyboard(CURRENT_TIME);
  });
  return status !== GRAB_SUCCESS;
}

/** As above for the pointer; `under` is the window that the pointer is in already. */
export async function pointerIsGrabbed(x: XConnection, under: number): Promise<boolean> {
  const status = await x.ask<number>((reply) => {
    x.client.GrabPointer(under, true, 0, ASYNCHRONOUS, ASYNCHRONOUS, 0, 0, CURRENT_TIME, reply);
    x.client.UngrabPointer(CURRENT_TIME);
  });
  return status !== GRAB_SUCCESS;
}

/**
 * Who a grab belongs to, when it can be told: an application with an open menu holds a grab and shows an
 * unmanaged window of its own. X does not name the holder, so anything else is foreign.
 *
 * @returns nobody when the grab belongs to the connection of `window`
 */
export async function grabHolder(
  x: XConnection,
  reader: SceneReader,
  window: number | null,
): Promise<readonly Subject[]> {
  if (window === null) return [FOREIGN];
  const client = reader.owners.clientOf(window);
  const { children } = await x.ask<{ readonly children: readonly number[] }>((reply) =>
    x.client.QueryTree(x.root, reply),
  );
  const own = children.filter((child) => reader.owners.clientOf(child) === client);
  const menus = await Promise.all(own.map((child) => isMenu(x, child)));
  return menus.includes(true) ? [] : [FOREIGN];
}

async function isMenu(x: XConnection, window: number): Promise<boolean> {
  const [attributes, types] = await Promise.all([
    x.askOfWindow<{ readonly mapState: number; readonly overrideRedirect: number }>((reply) =>
      x.client.GetWindowAttributes(window, reply),
    ),
    x.longs(window, '_NET_WM_WINDOW_TYPE', 64),
  ]);
  const isOther = NO_MENUS.some((type) => types.includes(x.atom(type)));
  return attributes?.mapState === VIEWABLE && attributes.overrideRedirect !== 0 && !isOther;
}
