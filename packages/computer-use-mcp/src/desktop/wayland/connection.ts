import { Socket } from 'node:net';
import fdpass, { type DescriptorSocket } from 'x11/lib/fdpass.js';
import { decode, encode, stringAt, type Argument, type Message } from './wire.ts';

const DISPLAY = 1;
const REGISTRY = 2;
/** Requests of wl_display and wl_registry. */
const SYNC = 0;
const GET_REGISTRY = 1;
const BIND = 0;
/** Events of wl_display. */
const ERROR = 0;
const DELETE_ID = 1;
const ANSWER_MS = 5000;

interface Global {
  readonly name: number;
  readonly version: number;
}

/** Hears one event: its number in the interface, and its arguments. */
export type EventListener = (opcode: number, body: Buffer) => void;

/**
 * A Wayland client that sends and hears nothing but what its user binds. Before `dropDescriptors` it must not bind
 * anything that sends file descriptors, such as wl_keyboard: Node ends the process when one arrives.
 */
export class WaylandConnection {
  readonly #sender: DescriptorSocket;
  #socket: Socket;
  readonly #listeners = new Map<number, EventListener>();
  readonly #globals = new Map<string, Global>();
  readonly #syncs = new Map<number, () => void>();
  readonly #failures = new Set<(error: Error) => void>();
  #lastId = REGISTRY;
  #rest: Buffer = Buffer.alloc(0);
  #lost: Error | null = null;

  private constructor(socket: DescriptorSocket) {
    this.#sender = socket;
    this.#socket = socket;
    this.#attend(socket);
  }

  static async open(path: string): Promise<WaylandConnection> {
    const socket = fdpass.connect(path);
    if (socket === null) throw new Error('this version of Node cannot send file descriptors');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const connection = new WaylandConnection(socket);
    connection.send(DISPLAY, GET_REGISTRY, [REGISTRY]);
    await connection.sync();
    return connection;
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  /** Tells of the events of one object. */
  listen(object: number, listener: EventListener): void {
    this.#listeners.set(object, listener);
  }

  /** From now on descriptors that come are closed unseen, and none can be sent. */
  dropDescriptors(): void {
    const handle = this.#sender._handle;
    if (handle === null) throw new Error('the compositor closed the connection');
    // the same socket once more, without what makes Node take descriptors in; the first one stays for its number
    handle.readStop();
    this.#socket = new Socket({ fd: handle.fd });
    this.#attend(this.#socket);
  }

  newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** The object of a global interface. */
  bind(iface: string, version: number): number {
    const global = this.#globals.get(iface);
    if (global === undefined || global.version < version) {
      throw new Error(`the compositor does not offer ${iface} in version ${version}`);
    }
    const id = this.newId();
    this.send(REGISTRY, BIND, [global.name, iface, version, id]);
    return id;
  }

  send(object: number, opcode: number, args: readonly Argument[]): void {
    this.write([encode(object, opcode, args)]);
  }

  /** Requests in one write: the compositor handles them together, with nothing of other clients in between. */
  write(requests: readonly Buffer[]): void {
    if (this.#lost !== null) throw this.#lost;
    this.#socket.write(Buffer.concat(requests));
  }

  /** A request with a file descriptor, which is closed. It is made when all before it was sent: numbers have an order. */
  async sendDescriptor(request: () => Buffer, fd: number): Promise<void> {
    // what was written before must be on its way, because this goes past the stream's own queue
    await this.sync();
    await this.#unlessLost((resolve, reject) =>
      this.#sender.sendFds(request(), [fd], (error) => (error === null ? resolve() : reject(error))),
    );
  }

  /** Waits until the compositor has handled everything that was sent. */
  sync(): Promise<void> {
    return this.#unlessLost((resolve) => {
      const callback = this.newId();
      this.#syncs.set(callback, resolve);
      this.send(DISPLAY, SYNC, [callback]);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #attend(socket: Socket): void {
    socket.on('data', (bytes: Buffer) => this.#hear(bytes));
    socket.on('error', (error: Error) => this.#lose(error));
    socket.on('close', () => this.#lose(new Error('the compositor closed the connection')));
  }

  async #unlessLost(start: (resolve: () => void, reject: (error: Error) => void) => void): Promise<void> {
    const patience: { timer?: NodeJS.Timeout; fail?: (error: Error) => void } = {};
    try {
      await new Promise<void>((resolve, reject) => {
        if (this.#lost !== null) throw this.#lost;
        patience.fail = reject;
        this.#failures.add(reject);
        patience.timer = setTimeout(() => reject(new Error('the compositor does not answer')), ANSWER_MS);
        start(resolve, reject);
      });
    } finally {
      clearTimeout(patience.timer);
      if (patience.fail !== undefined) this.#failures.delete(patience.fail);
    }
  }

  #hear(bytes: Buffer): void {
    try {
      const { messages, rest } = decode(Buffer.concat([this.#rest, bytes]));
      this.#rest = rest;
      messages.forEach((message) => this.#take(message));
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take({ object, opcode, body }: Message): void {
    const isDone = this.#syncs.get(object);
    if (isDone !== undefined) {
      this.#syncs.delete(object);
      isDone();
    } else if (object === REGISTRY && opcode === 0) {
      const { text, next } = stringAt(body, 4);
      this.#globals.set(text, { name: body.readUInt32LE(0), version: body.readUInt32LE(next) });
    } else if (object === DISPLAY && opcode === ERROR) {
      this.#lose(new Error(`the compositor says: ${stringAt(body, 8).text}`));
    } else if (object === DISPLAY && opcode === DELETE_ID) {
      // ids are not used again: a session does not come near the end of them
    } else {
      this.#listeners.get(object)?.(opcode, body);
    }
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    this.#socket.destroy();
    for (const fail of [...this.#failures]) fail(this.#lost);
  }
}
