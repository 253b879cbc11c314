import { setMaxListeners } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { CommandFailed, ConnectionClosed, type CdpSession, type Connection } from './connection.ts';
import { FlatSessions } from './flat-sessions.ts';

const envelope = z.object({
  id: z.number().optional(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  sessionId: z.string().default(''),
});

interface Pending {
  readonly command: string;
  resolve(answer: unknown): void;
  reject(reason: Error): void;
}

export interface Pipes {
  /** What the browser reads. */
  readonly input: Writable;
  /** What the browser writes. */
  readonly output: Readable;
}

/** The pipes of a browser that was started with `--remote-debugging-pipe`: JSON messages that end with a NUL. */
export class PipeConnection implements Connection {
  readonly browser: CdpSession;
  readonly #input: Writable;
  readonly #output: Readable;
  readonly #sessions: FlatSessions;
  readonly #pending = new Map<number, Pending>();
  readonly #closed = new AbortController();
  #lastId = 0;
  #partial: Buffer[] = [];

  constructor({ input, output }: Pipes) {
    this.#input = input;
    this.#output = output;
    // each session hears of the end
    setMaxListeners(0, this.#closed.signal);
    this.#sessions = new FlatSessions((command, params, sessionId) =>
      this.#transmit(command, params, sessionId),
    );
    this.browser = this.#sessions.session('');
    output.on('data', (chunk: Buffer) => this.#receive(chunk));
    for (const end of ['end', 'close', 'error']) output.on(end, () => this.#end('the browser ended'));
    input.on('error', () => this.#end('the browser ended'));
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  session(id: string): CdpSession {
    return this.#sessions.session(id);
  }

  close(): void {
    this.#end('the connection was closed');
  }

  #transmit(command: string, params: object, sessionId: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      const id = this.#lastId;
      this.#pending.set(id, { command, resolve, reject });
      const message = { id, method: command, params, ...(sessionId !== '' && { sessionId }) };
      this.#input.write(`${JSON.stringify(message)}\0`);
    });
  }

  #receive(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, from)) {
      const message = Buffer.concat([...this.#partial, chunk.subarray(from, end)]);
      this.#partial = [];
      from = end + 1;
      this.#handle(message.toString('utf8'));
    }
    if (from < chunk.length) this.#partial.push(chunk.subarray(from));
  }

  #handle(text: string): void {
    const message = messageIn(text);
    if (message === null) {
      this.#end('the browser said something that is no message');
      return;
    }
    const { id, method, params, sessionId, result, error } = message;
    if (method !== undefined) {
      this.#sessions.deliver(sessionId, method, params);
      return;
    }
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (id === undefined || pending === undefined) return;
    this.#pending.delete(id);
    if (error === undefined) pending.resolve(result);
    else pending.reject(new CommandFailed(pending.command, error));
  }

  #end(reason: string): void {
    if (this.#closed.signal.aborted) return;
    this.#sessions.end(reason);
    this.#pending.clear();
    this.#input.destroy();
    this.#output.destroy();
    this.#closed.abort(new ConnectionClosed(reason));
  }
}

function messageIn(text: string): z.output<typeof envelope> | null {
  try {
    return envelope.parse(JSON.parse(text));
  } catch {
    return null; // neither JSON nor of this shape
  }
}
