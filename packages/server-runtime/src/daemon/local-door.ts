import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { ConfigError } from '../config/config-error.ts';
import type { Log } from '../log.ts';
import type { Sessions } from '../sessions.ts';
import { CountedTransport } from './counted-transport.ts';
import { firstLine } from './first-line.ts';
import { acceptLine, hello, isSameRelease, refuseLine, type DaemonStatus, type Hello } from './hello.ts';
import { closeToOthers, makeRoomForSocket } from './socket-file.ts';

/** How long a client may take to say what it wants, and to hang up when it was told all. */
const HELLO_MS = 5_000;

export interface LocalDoorOptions {
  readonly socket: string;
  /** A socket that listens already, handed over by the service manager. */
  readonly listenFd?: number;
  readonly name: string;
  readonly version: string;
  readonly sessions: Sessions;
  readonly log: Log;
  readonly status: () => DaemonStatus;
  /** A client wants the daemon to end; its running calls get so long. */
  readonly stop: (drainMs: number) => void;
}

/** The local socket of a daemon: clients attach with sessions of their own, and `status` and `stop` ask there. */
export class LocalDoor {
  readonly #options: LocalDoorOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #transports = new Set<CountedTransport>();
  /** Connections of each session: several clients may share one by name. */
  readonly #users = new Map<string, number>();
  readonly #changed = new EventTarget();
  #lastActivity = Date.now();
  #isEnding = false;

  private constructor(options: LocalDoorOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => void this.#welcome(socket));
  }

  /** @throws DaemonError when what lies at the path is not ours */
  static async open(options: LocalDoorOptions): Promise<LocalDoor> {
    const { socket, listenFd } = options;
    const isFile = process.platform !== 'win32' && listenFd === undefined;
    if (isFile) makeRoomForSocket(socket);
    const door = new LocalDoor(options);
    door.#server.listen(listenFd === undefined ? { path: socket } : { fd: listenFd });
    await once(door.#server, 'listening');
    if (isFile) closeToOthers(socket);
    return door;
  }

  /** Clients that speak MCP now. */
  get attached(): number {
    return this.#transports.size;
  }

  /** Calls that run now. */
  get running(): number {
    return [...this.#transports].reduce((sum, { running }) => sum + running, 0);
  }

  /** When the last client came, called or went, in ms since 1970. */
  get lastActivity(): number {
    return this.#lastActivity;
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Takes no more clients and calls, and resolves when those that run have ended or `signal` aborts. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#isEnding = true;
    for (const transport of this.#transports) transport.refuseCalls();
    while (this.running > 0 && !signal.aborted) {
      const over = once(this.#changed, 'change', { signal });
      await over.catch(() => undefined); // the time is up
    }
  }

  /** Ends what is attached. `status` and `stop` are still answered, so that nobody mistakes this for a dead daemon. */
  cutOff(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Who asked for the end stays connected until this process is gone. */
  close(): void {
    this.#server.close();
    this.cutOff();
  }

  async #welcome(socket: Socket): Promise<void> {
    const { log } = this.#options;
    this.#sockets.add(socket);
    this.#touch();
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', (err) => log.debug('a local connection failed', { err }));
    let said: Hello;
    try {
      said = hello.parse(JSON.parse(await firstLine(socket, AbortSignal.timeout(HELLO_MS))));
    } catch (err) {
      log.warn('a local client was refused', { err });
      dismiss(socket, refuseLine('that is not how a client of this daemon begins', 'Update the client.'));
      return;
    }
    try {
      await this.#answer(socket, said);
    } catch (err) {
      log.error('a local client could not be served', { err });
      const message = err instanceof ConfigError ? err.message : 'the daemon failed';
      dismiss(socket, refuseLine(message, `Run: ${this.#options.name} daemon logs`));
    }
  }

  async #answer(socket: Socket, { wants, name, version }: Hello): Promise<void> {
    const { status, stop, ...own } = this.#options;
    if (wants.what === 'status') {
      dismiss(socket, acceptLine(status()));
      return;
    }
    if (wants.what === 'stop') {
      // stays open, so that its end tells the other side that this process has ended
      this.#sockets.delete(socket);
      socket.unref();
      socket.write(acceptLine(status()));
      stop(wants.drainMs);
      return;
    }
    if (this.#isEnding) {
      dismiss(socket, refuseLine('the daemon is ending', `Run: ${own.name} daemon start`));
      return;
    }
    if (name !== own.name || !isSameRelease(version, own.version)) {
      const message = `the daemon is ${own.name} ${own.version}, and this is ${name} ${version}`;
      dismiss(socket, refuseLine(message, `Run: ${own.name} daemon restart`));
      return;
    }
    await this.#serve(socket, wants);
  }

  async #serve(
    socket: Socket,
    { session, tools }: { session?: string | undefined; tools?: readonly string[] | undefined },
  ): Promise<void> {
    const { sessions } = this.#options;
    const id = session ?? randomUUID();
    if (this.#users.has(id) && tools !== undefined) {
      const message = `the session ${id} is in use, with a choice of tools of its own`;
      dismiss(socket, refuseLine(message, 'Leave --tools out, or choose another --session.'));
      return;
    }
    const transport = new CountedTransport(socket, () => this.#touch());
    const server = sessions.server({ id, actor: 'attach', ...(tools !== undefined && { scope: tools }) });
    socket.write(acceptLine(this.#options.status()));
    this.#users.set(id, (this.#users.get(id) ?? 0) + 1);
    this.#transports.add(transport);
    try {
      await server.connect(transport).closed;
    } finally {
      this.#transports.delete(transport);
      socket.destroy();
      this.#touch();
      const left = (this.#users.get(id) ?? 1) - 1;
      if (left > 0) this.#users.set(id, left);
      else {
        this.#users.delete(id);
        await sessions.end(id);
      }
    }
  }

  #touch(): void {
    this.#lastActivity = Date.now();
    this.#changed.dispatchEvent(new Event('change'));
  }
}

/** Says the last line; what the other side still has to say is thrown away, and it is cut off if it stays. */
function dismiss(socket: Socket, line: string): void {
  socket.end(line);
  socket.resume();
  const patience = setTimeout(() => socket.destroy(), HELLO_MS).unref();
  socket.once('close', () => clearTimeout(patience));
}
