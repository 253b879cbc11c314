import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import {
  parseJSONRPCMessage,
  type JSONRPCMessage,
  type MessageExtraInfo,
  type RequestId,
  type Transport,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { MessageLines, type InputLine } from './message-lines.ts';

/** Codes of JSON-RPC 2.0, section 5.1. */
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
/** Larger than any message that a person's files or screen make necessary. */
const MAX_LINE_BYTES = 32 * 2 ** 20;
/** While so much of what was said is unread, nothing more is heard. */
const MAX_UNREAD_BYTES = 8 * 2 ** 20;

const withId = z.looseObject({ id: z.union([z.string(), z.int()]) });
const cancellation = z.looseObject({
  method: z.literal('notifications/cancelled'),
  params: z.looseObject({ requestId: z.union([z.string(), z.number()]) }),
});
const isAnswer = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ('result' in value || 'error' in value);

/**
 * JSON-RPC in lines, over stdin and stdout or a socket. What is no message is answered with an error, under its id
 * where it has one, so that nobody waits for an answer that never comes; an answer that is none is dropped.
 */
export class LineTransport implements Transport {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #lines = new MessageLines(MAX_LINE_BYTES);
  readonly #listening = new AbortController();
  /** Requests that are neither answered nor cancelled: of two with one id, only one could be cancelled. */
  readonly #open = new Set<RequestId>();
  /** Until the other side has read what was written. */
  #draining: Promise<void> | undefined;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  start(): Promise<void> {
    const { signal } = this.#listening;
    const listen = (stream: Readable | Writable, event: string, listener: (value: unknown) => void): void => {
      stream.on(event, listener);
      signal.addEventListener('abort', () => stream.off(event, listener), { once: true });
    };
    const end = (): void => void this.close();
    listen(this.#input, 'data', (chunk) => this.#take(chunk));
    listen(this.#input, 'error', (error) => this.#report(error));
    listen(this.#input, 'end', end);
    listen(this.#input, 'close', end);
    // stays, because writes under way may still fail after the end
    this.#output.on('error', (error) => {
      if (!signal.aborted) this.#report(error);
      end();
    });
    if (this.#input.readableEnded || this.#input.destroyed) setImmediate(end);
    return Promise.resolve();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.#throwIfEnded();
    if (!('method' in message) && message.id !== undefined) this.#open.delete(message.id);
    this.#write(message);
    await this.#draining;
    this.#throwIfEnded();
  }

  close(): Promise<void> {
    if (this.#listening.signal.aborted) return Promise.resolve();
    this.#listening.abort();
    if (this.#input.listenerCount('data') === 0) this.#input.pause();
    this.onclose?.();
    return Promise.resolve();
  }

  #take(chunk: unknown): void {
    if (!(chunk instanceof Uint8Array)) return;
    for (const line of this.#lines.take(chunk)) {
      if (this.#listening.signal.aborted) return;
      this.#read(line);
    }
  }

  #read(line: InputLine): void {
    if (line.kind === 'too_long') {
      this.#refuse(null, INVALID_REQUEST, `A message may have at most ${MAX_LINE_BYTES / 2 ** 20} MiB`);
    } else if (line.text !== '') {
      this.#parse(line.text);
    }
  }

  #parse(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      this.#report(error);
      this.#refuse(null, PARSE_ERROR, 'Parse error: the line is not JSON');
      return;
    }
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(value);
    } catch (error) {
      this.#report(error);
      if (isAnswer(value)) return;
      const id = withId.safeParse(value).data?.id ?? null;
      this.#refuse(id, INVALID_REQUEST, 'Invalid request: not a message of JSON-RPC 2.0');
      return;
    }
    if (this.#isNew(message)) this.onmessage?.(message);
    else this.#refuse(null, INVALID_REQUEST, 'Invalid request: the id is that of a request which still runs');
  }

  #isNew(message: JSONRPCMessage): boolean {
    if (!('method' in message)) return true;
    if ('id' in message) {
      const isNew = !this.#open.has(message.id);
      this.#open.add(message.id);
      return isNew;
    }
    const cancelled = cancellation.safeParse(message).data?.params.requestId;
    if (cancelled !== undefined) this.#open.delete(cancelled);
    return true;
  }

  #refuse(id: string | number | null, code: number, message: string): void {
    this.#write({ jsonrpc: '2.0', id, error: { code, message } });
  }

  #write(message: object): void {
    if (!this.#output.write(`${JSON.stringify(message)}\n`)) this.#draining ??= this.#drained();
    if (this.#output.writableLength > MAX_UNREAD_BYTES) this.#input.pause();
  }

  async #drained(): Promise<void> {
    const { signal } = this.#listening;
    await once(this.#output, 'drain', { signal }).catch(() => undefined); // the end is reported elsewhere
    this.#draining = undefined;
    if (!signal.aborted) this.#input.resume();
  }

  #throwIfEnded(): void {
    if (this.#listening.signal.aborted) throw new Error('the connection has ended');
  }

  #report(error: unknown): void {
    this.onerror?.(error instanceof Error ? error : new Error(String(error)));
  }
}
