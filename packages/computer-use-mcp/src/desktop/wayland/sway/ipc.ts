import { createConnection, type Socket } from 'node:net';

const MAGIC = 'i3-ipc';
const HEADER = MAGIC.length + 8;
const EVENT = 0x80000000;
const ANSWER_MS = 3000;

/** Message types of sway-ipc(7). */
export const MESSAGE = {
  command: 0,
  workspaces: 1,
  subscribe: 2,
  outputs: 3,
  tree: 4,
  version: 7,
  config: 9,
  tick: 10,
  mode: 12,
} as const;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface SwayEvent {
  /** 0 workspace, 3 window, 7 tick. */
  readonly type: number;
  readonly payload: unknown;
}

/** One connection to sway; questions are answered in the order in which they were asked. */
export class SwayIpc {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  readonly #onEvent: (event: SwayEvent) => void;
  #rest: Buffer = Buffer.alloc(0);
  readonly #end: { fail: (error: Error) => void } = { fail: () => undefined };
  /** Rejects when the connection is lost, and never resolves. */
  readonly lost: Promise<never>;
  #lost: Error | null = null;
  #patience: NodeJS.Timeout | null = null;

  private constructor(socket: Socket, onEvent: (event: SwayEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    this.lost = new Promise((_, reject) => {
      this.#end.fail = reject;
    });
    this.lost.catch(() => undefined); // whoever asks is told
    socket.on('data', (bytes) => this.#hear(bytes));
    socket.on('error', (error) => this.#lose(error));
    socket.on('close', () => this.#lose(new Error('sway closed the connection')));
  }

  static async open(path: string, onEvent: (event: SwayEvent) => void = () => undefined): Promise<SwayIpc> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new SwayIpc(socket, onEvent);
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  /** Sends one message and gives the answer, which is JSON. */
  ask(type: number, payload = ''): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== null) throw this.#lost;
      const body = Buffer.from(payload);
      const head = Buffer.alloc(HEADER);
      head.write(MAGIC);
      head.writeUInt32LE(body.length, MAGIC.length);
      head.writeUInt32LE(type, MAGIC.length + 4);
      this.#waiting.push({ resolve, reject });
      this.#patience ??= setTimeout(() => this.#lose(new Error('sway does not answer')), ANSWER_MS);
      this.#socket.write(Buffer.concat([head, body]));
    });
  }

  close(): void {
    this.#lose(new Error('the connection to sway was closed'));
  }

  #hear(bytes: Buffer): void {
    try {
      this.#rest = Buffer.concat([this.#rest, bytes]);
      while (this.#rest.length >= HEADER) {
        const size = HEADER + this.#rest.readUInt32LE(MAGIC.length);
        if (this.#rest.length < size) return;
        const type = this.#rest.readUInt32LE(MAGIC.length + 4);
        const payload: unknown = JSON.parse(this.#rest.toString('utf8', HEADER, size));
        this.#rest = this.#rest.subarray(size);
        if (type >= EVENT) this.#onEvent({ type: type - EVENT, payload });
        else this.#answer(payload);
      }
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #answer(payload: unknown): void {
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
    this.#waiting.shift()?.resolve(payload);
    if (this.#waiting.length > 0) {
      this.#patience = setTimeout(() => this.#lose(new Error('sway does not answer')), ANSWER_MS);
    }
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
    this.#socket.destroy();
    this.#end.fail(this.#lost);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#lost);
  }
}
