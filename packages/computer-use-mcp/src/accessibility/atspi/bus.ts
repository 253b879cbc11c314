import type * as DBusLibrary from '@jellybrick/dbus-next';
import type { EventEmitter } from 'node:events';
import { z } from 'zod';

const DBUS = 'org.freedesktop.DBus';
const pidReply = z.tuple([z.int().positive()]);

export interface MethodCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: unknown[];
  /** `NO_AUTO_START` asks only whoever runs already. */
  readonly flags?: number;
}

/** A call that somebody makes to us. */
export interface HeardCall {
  /** The unique name of the connection that it came over, which the bus vouches for. */
  readonly sender: string;
  readonly path: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

export interface Reply {
  readonly signature: string;
  readonly body: unknown[];
}

/** Flag of the D-Bus protocol. */
export const NO_AUTO_START = 2;

/** One connection to a message bus. */
export class Bus {
  readonly #bus: DBusLibrary.MessageBus;
  readonly #library: typeof DBusLibrary;
  readonly #pids = new Map<string, Promise<number>>();
  #isLost = false;

  private constructor(bus: DBusLibrary.MessageBus, library: typeof DBusLibrary) {
    this.#bus = bus;
    this.#library = library;
  }

  /** Connects; rejects when nobody answers there before the signal. */
  static async open(busAddress: string, signal: AbortSignal): Promise<Bus> {
    const library = await import('@jellybrick/dbus-next');
    const connection = library.sessionBus({ busAddress });
    const bus = new Bus(connection, library);
    try {
      await connected(connection, signal);
    } catch (error) {
      bus.close();
      throw error;
    }
    const emitter: EventEmitter = connection;
    emitter.on('error', () => {
      bus.#isLost = true;
    });
    return bus;
  }

  /** The connection broke; every call fails from now on. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** The values of the answer, which only the one who was called can give. */
  async call(call: MethodCall): Promise<readonly unknown[]> {
    const { Message, DBusError } = this.#library;
    const message = new Message(call); // throws when a program named an impossible path
    try {
      const reply = await this.#bus.call(message);
      if (reply === null) throw new Error('no reply');
      if (call.destination.startsWith(':') && reply.sender !== call.destination)
        throw new Error('somebody else answered');
      return reply.body;
    } catch (error) {
      // everything that is not an answer comes from a stream that was closed
      if (!(error instanceof DBusError)) this.#isLost = true;
      throw error;
    }
  }

  /** Has the bus send the signals that a rule of the D-Bus protocol matches. */
  async match(rule: string): Promise<void> {
    const bus = { destination: DBUS, path: '/org/freedesktop/DBus', interface: DBUS };
    await this.call({ ...bus, member: 'AddMatch', signature: 's', body: [rule] });
  }

  /** Answers who calls this connection; `null` says that there is no such thing. */
  serve(answer: (call: HeardCall) => Reply | null): void {
    const { Message, MessageType } = this.#library;
    this.#bus.addMethodHandler((message) => {
      if (message.type !== MessageType.METHOD_CALL) return true;
      const { sender, path, member, body } = message;
      const reply = answer({ sender, path, member, body });
      if (reply === null) return false;
      this.#bus.send(Message.newMethodReturn(message, reply.signature, reply.body));
      return true;
    });
  }

  /** A value of a D-Bus type, with that type. */
  variant(signature: string, value: unknown): unknown {
    return new this.#library.Variant(signature, value);
  }

  /** Tells of every signal that comes. */
  onSignal(listener: () => void): void {
    const emitter: EventEmitter = this.#bus;
    emitter.on('message', ({ type }: DBusLibrary.Message) => {
      if (type === this.#library.MessageType.SIGNAL) listener();
    });
  }

  /** Our own unique name. */
  get name(): string {
    if (this.#bus.name === null) throw new Error('the bus gave no name yet');
    return this.#bus.name;
  }

  /** Tells of every call that comes, and answers it with nothing. */
  onCall(listener: (call: HeardCall) => void): void {
    const { Message, MessageType } = this.#library;
    this.#bus.addMethodHandler((message) => {
      if (message.type !== MessageType.METHOD_CALL) return false;
      const { sender, path, member, body } = message;
      listener({ sender, path, member, body });
      this.#bus.send(Message.newMethodReturn(message, '', []));
      return true;
    });
  }

  /** A value with its type, as properties are set. */
  number(value: number): unknown {
    return new this.#library.Variant('d', value);
  }

  /** The process that opened a connection, as the bus had it from the kernel. Unique names are never used again. */
  pidOf(connection: string): Promise<number> {
    const known = this.#pids.get(connection);
    if (known !== undefined) return known;
    const asking = this.#askForPid(connection);
    this.#pids.set(connection, asking);
    asking.catch(() => this.#pids.delete(connection)); // whoever asks next asks anew
    return asking;
  }

  async #askForPid(connection: string): Promise<number> {
    const body = await this.call({
      destination: DBUS,
      path: '/org/freedesktop/DBus',
      interface: DBUS,
      member: 'GetConnectionUnixProcessID',
      signature: 's',
      body: [connection],
    });
    return pidReply.parse(body)[0];
  }

  close(): void {
    this.#isLost = true;
    this.#bus.disconnect();
  }
}

function connected(bus: DBusLibrary.MessageBus, signal: AbortSignal): Promise<void> {
  const emitter: EventEmitter = bus;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('it did not answer in time'));
    signal.addEventListener('abort', onAbort, { once: true });
    // stays for good: an error without a listener would end the process
    emitter.on('error', (error: unknown) =>
      reject(error instanceof Error ? error : new Error(String(error))),
    );
    emitter.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
