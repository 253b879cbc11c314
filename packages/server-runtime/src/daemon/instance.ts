import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { lockFile } from '@deskhand/grants';
import type { DaemonPlace } from './place.ts';

/** The right to be the only daemon of a place, which the kernel takes back when the process dies. */
export interface Instance {
  /** Call when the local socket listens: from then on the socket itself keeps others out where nothing else can. */
  listening(): void;
  release(): Promise<void>;
}

/**
 * Becomes the daemon of a place; undefined when another process is it already.
 *
 * Linux: an abstract socket. Windows: the named pipe itself, so the local socket decides. Elsewhere the local
 * socket, looked at and bound under a lock.
 */
export async function claimInstance(
  { exclusive, socket, infoFile }: DaemonPlace,
  signal: AbortSignal,
): Promise<Instance | undefined> {
  if (exclusive === undefined) {
    const release = await lockFile(infoFile, { signal });
    if (await isAnswered(socket)) {
      release();
      return undefined;
    }
    return { listening: release, release: () => Promise.resolve().then(release) };
  }
  if (exclusive === socket) {
    if (await isAnswered(socket)) return undefined;
    return { listening: () => undefined, release: () => Promise.resolve() };
  }
  return bindExclusively(exclusive);
}

/** Waits until the process that holds the place listens or has died, or the signal comes. */
export async function untilSettled({ exclusive, socket }: DaemonPlace, signal: AbortSignal): Promise<void> {
  if (exclusive === undefined || exclusive === socket) return; // the lock was waited for
  const connection = connect(exclusive);
  await finished(connection.resume(), { signal }).catch(() => undefined); // it died, or is no daemon of ours
  connection.destroy();
}

async function bindExclusively(name: string): Promise<Instance | undefined> {
  const waiting = new Set<Socket>();
  let isListening = false;
  const server = createServer((connection) => {
    connection.on('error', () => undefined); // who waited has gone
    if (isListening) connection.destroy();
    else waiting.add(connection.unref());
  });
  server.listen(name);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
  server.unref();
  return {
    listening() {
      isListening = true;
      for (const connection of waiting) connection.destroy();
    },
    release: () => Promise.resolve(void server.close()),
  };
}

/** True when a process accepts connections there, however slow it is to answer. */
export async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // nobody listens, or there is no such socket
  } finally {
    socket.destroy();
  }
}
