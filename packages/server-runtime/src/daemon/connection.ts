import { inTime } from '@deskhand/grants';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { DaemonError } from './daemon-error.ts';
import { firstLine, HungUp } from './first-line.ts';
import { helloLine, isSameRelease, reply, type DaemonStatus, type Wants } from './hello.ts';
import type { DaemonPlace } from './place.ts';
import { checkSocket } from './socket-file.ts';

/** How long a daemon may take to answer before it counts as hung. */
const ANSWER_MS = 5_000;
/** One that ends right then hangs up; after it there is none, or another one. */
const ATTEMPTS = 5;

export interface ConnectOptions {
  readonly place: DaemonPlace;
  /** Of the one who connects. */
  readonly version: string;
  readonly wants: Wants;
  readonly signal?: AbortSignal;
}

export interface DaemonConnection {
  readonly socket: Socket;
  readonly status: DaemonStatus;
}

/** Somebody holds the socket and does not answer. */
export class DaemonSilent extends DaemonError {}

/**
 * Connects to the daemon of a place; undefined when none runs.
 *
 * @throws DaemonError when the socket is not safe to use or the daemon refuses, DaemonSilent when it does not answer
 */
export async function connectToDaemon(options: ConnectOptions): Promise<DaemonConnection | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connectOnce(options);
    } catch (error) {
      const endedMeanwhile = error instanceof DaemonSilent && error.cause instanceof HungUp;
      if (!endedMeanwhile || attempt === ATTEMPTS) throw error;
    }
  }
}

async function connectOnce(options: ConnectOptions): Promise<DaemonConnection | undefined> {
  const { place, version, wants } = options;
  const socket = await reach(place.socket);
  if (socket === undefined) return undefined;
  try {
    socket.write(helloLine({ name: place.name, version, wants }));
    const { status } = await accepted(socket, options);
    if (wants.what === 'attach' && !isSameRelease(version, status.version))
      throw new DaemonError(
        `the daemon is ${status.name} ${status.version}, and this is ${version}`,
        `Run: ${place.name} daemon restart`,
      );
    return { socket, status };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function accepted(
  socket: Socket,
  { place, signal = new AbortController().signal }: ConnectOptions,
): Promise<{ status: DaemonStatus }> {
  const line = await inTime(ANSWER_MS, signal, (time) => firstLine(socket, time)).catch((cause: unknown) => {
    throw new DaemonSilent(
      `${place.name}'s daemon does not answer at ${place.socket}`,
      `Run: ${place.name} daemon restart`,
      { cause },
    );
  });
  const said = reply.parse(JSON.parse(line));
  if (!said.ok) throw new DaemonError(said.message, said.hint);
  return said;
}

/** Undefined when there is no socket or nobody listens there. */
async function reach(path: string): Promise<Socket | undefined> {
  try {
    if (process.platform !== 'win32') checkSocket(path);
    const socket = connect({ path, allowHalfOpen: true });
    await once(socket, 'connect');
    socket.on('error', () => undefined); // its end tells the same
    return socket;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
    throw error;
  }
}
