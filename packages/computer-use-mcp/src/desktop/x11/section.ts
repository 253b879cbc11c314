import { ConnectionLost, isProtocolError, type XConnection } from './connection.ts';

/** How long other programs may be held up while a scene is read and judged. */
const WATCHDOG_MS = 50;

/** How long another program may hold the server before we give up. */
const GRAB_WAIT_MS = 2000;

/** A window went away while it was looked at: a dying program is cleaned up even while the server is grabbed. */
export class SceneChanged extends Error {
  override readonly name = 'SceneChanged';
}

export class ServerBusy extends Error {
  override readonly name = 'ServerBusy';
}

function watchdog(connection: XConnection, ms: number, reason: string): () => void {
  const timer = setTimeout(() => connection.destroy(reason), ms);
  return () => clearTimeout(timer);
}

/** Gives a value, and what is to be sent because of it. */
type Reading<T> = () => Promise<{ readonly value: T; readonly send?: (() => void) | undefined }>;

/**
 * Runs `read` while no other program can change anything on the display, and then sends what `read` returned in
 * the same instant. Only replies of the X server may be awaited in `read`. When it takes longer than the watchdog
 * allows the connection is closed, which frees the server, and nothing was sent.
 *
 * @throws ServerBusy when another program holds the server, or when the watchdog ended the section.
 * @throws SceneChanged when a window went away meanwhile; nothing was sent.
 */
export function atomically<T>(connection: XConnection, read: Reading<T>): Promise<T> {
  return connection.inTurn(() => section(connection, read));
}

async function section<T>(connection: XConnection, read: Reading<T>): Promise<T> {
  const { client } = connection;
  let isSent = false;
  let stop = watchdog(connection, GRAB_WAIT_MS, 'another program holds the X server');
  try {
    client.GrabServer();
    // the reading is sent right behind the grab: its answers come only once the grab is ours
    const granted = connection.sync().then(() => {
      stop();
      stop = watchdog(connection, WATCHDOG_MS, 'reading the desktop took too long');
    });
    let result;
    try {
      [result] = await Promise.all([read(), granted]);
      isSent = result.send !== undefined;
      result.send?.();
    } finally {
      if (!connection.isLost) client.UngrabServer();
      stop();
    }
    await connection.sync();
    return result.value;
  } catch (error) {
    // after sending, a loss must not look as if trying again were safe
    if (error instanceof ConnectionLost && !isSent) throw new ServerBusy(error.message, { cause: error });
    if (isProtocolError(error)) {
      throw new SceneChanged('a window closed while it was looked at', { cause: error });
    }
    throw error;
  } finally {
    stop();
  }
}
