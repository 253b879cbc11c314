import { once } from 'node:events';
import {
  ReadBuffer,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import { within, type ProcessEnd, type ServerProcess } from './server-process.ts';

/** Of one message; it is put together piece by piece, which takes its time beyond this. */
const MOST_BYTES = 16 * 1024 * 1024;
const ASKED_MS = 500;
const TERM_MS = 1500;
/** For what is still in the pipe of one that has ended, unless it left it to others. */
const LAST_WORDS_MS = 200;

/** The server ended, or reads no more; it did not get the message. */
export class NotSent extends Error {
  override readonly name = 'NotSent';

  constructor() {
    super('the server reads no more');
  }
}

export interface StdioOptions {
  readonly start: () => Promise<ServerProcess>;
  /** What it writes to its standard error. */
  readonly onError: (bytes: Uint8Array) => void;
}

/** Speaks to a server over its standard input and output. */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  /** Both say to the SDK that silence means an old server here. */
  readonly stderr = null;
  readonly pid = null;
  readonly #options: StdioOptions;
  readonly #lines = new ReadBuffer({ maxBufferSize: MOST_BYTES });
  #server: ServerProcess | undefined;
  #ended: Promise<unknown> | undefined;
  /** Set when it has ended. */
  end: ProcessEnd | undefined;

  constructor(options: StdioOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const server = await this.#options.start();
    this.#server = server;
    server.stderr.on('data', this.#options.onError);
    server.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    const lastWords = once(server.stdout, 'close').catch(() => undefined); // there are none
    this.#ended = server.ended.then(async (end) => {
      this.end = end;
      await within(LAST_WORDS_MS, lastWords);
      for (const stream of [server.stdin, server.stdout, server.stderr]) stream.destroy();
      this.onclose?.();
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#server?.stdin;
    const isSent = await new Promise<boolean>((resolve) => {
      if (stdin?.writable !== true || this.end !== undefined) resolve(false);
      else stdin.write(serializeMessage(message), (error) => resolve(!error));
    });
    if (!isSent) throw new NotSent();
  }

  /** Closes its stdin, then asks the group to end, then kills what is left of it. */
  async close(): Promise<void> {
    if (this.#ended === undefined || this.end !== undefined) return;
    this.#server?.stdin.end();
    await within(ASKED_MS, this.#ended);
    this.kill('SIGTERM');
    await within(TERM_MS, this.#ended);
    this.kill('SIGKILL');
    await this.#ended;
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.end === undefined) this.#server?.signal(signal);
  }

  #read(chunk: Buffer): void {
    try {
      this.#lines.append(chunk);
      for (let message = this.#next(); message !== null; message = this.#next()) this.onmessage?.(message);
    } catch (error) {
      // more than a message may hold
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      this.kill('SIGKILL');
    }
  }

  /** Lines that are no messages are skipped, as a careless library writes them. */
  #next(): JSONRPCMessage | null {
    for (;;) {
      try {
        return this.#lines.readMessage();
      } catch (error) {
        this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}
