import type { Subject } from '@deskhand/tier-policy';
import type { XConnection } from './connection.ts';
import type { SceneReader } from './scene.ts';

const GRAB_SUCCESS = 0;
export const SYNCHRONOUS = 0;
export const ASYNCHRONOUS = 1;
export const CURRENT_TIME = 0;

const FOREIGN: Subject = { kind: 'unknown', reason: 'foreign_grab' };
const VIEWABLE = 2;

/**
 * Whether somebody else has grabbed the keyboard. The probe grabs from the window that has the focus already,
 * so that no application sees the focus move.
 */
export async function keyboardIsGrabbed(x: XConnection, focus: number): Promise<boolean> {
  const status = await x.ask<number>((reply) =>
    x.client.GrabKeyboard(focus, true, CURRENT_TIME, ASYNCHRONOUS, ASYNCHRONOUS, reply),
  );
  if (status === GRAB_SUCCESS) x.client.UngrabKeyboard(CURRENT_TIME);
  return status !== GRAB_SUCCESS;
}

/** As above for the pointer; `under` is the window that the pointer is in already. */
export async function pointerIsGrabbed(x: XConnection, under: number): Promise<boolean> {
  const status = await x.ask<number>((reply) =>
    x.client.GrabPointer(under, true, 0, ASYNCHRONOUS, ASYNCHRONOUS, 0, 0, CURRENT_TIME, reply),
  );
  if (status === GRAB_SUCCESS) x.client.UngrabPointer(CURRENT_TIME);
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
  const attributes = await Promise.all(
    own.map((child) =>
      x.askOfWindow<{ readonly mapState: number; readonly overrideRedirect: number }>((reply) =>
        x.client.GetWindowAttributes(child, reply),
      ),
    ),
  );
  const hasMenu = attributes.some((window) => window?.mapState === VIEWABLE && window.overrideRedirect !== 0);
  return hasMenu ? [] : [FOREIGN];
}
