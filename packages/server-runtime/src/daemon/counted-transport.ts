import type { JSONRPCMessage, MessageExtraInfo, RequestId, Transport } from '@modelcontextprotocol/server';
import { LineTransport } from '../process/line-transport.ts';
import type { Socket } from 'node:net';

/** JSON-RPC code of a call that came when the server was about to end. */
const ENDING = -32_000;

/** The protocol on a socket, line by line, which knows the calls that run on it and can be told to take no more. */
export class CountedTransport implements Transport {
  readonly #inner: LineTransport;
  readonly #calls = new Set<RequestId>();
  readonly #onChange: () => void;
  #isEnding = false;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;

  constructor(socket: Socket, onChange: () => void) {
    this.#inner = new LineTransport(socket, socket);
    this.#onChange = onChange;
    this.#inner.onclose = () => {
      this.#calls.clear();
      this.#onChange();
      this.onclose?.();
    };
    this.#inner.onerror = (error) => this.onerror?.(error);
    this.#inner.onmessage = (message: JSONRPCMessage) => this.#receive(message);
  }

  /** Calls that were neither answered nor cancelled yet. */
  get running(): number {
    return this.#calls.size;
  }

  /** Refuses new calls from now on; everything else still passes, such as the answer to a question. */
  refuseCalls(): void {
    this.#isEnding = true;
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await this.#inner.send(message);
    if (!('method' in message) && message.id !== undefined) this.#forget(message.id);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #receive(message: JSONRPCMessage): void {
    if ('method' in message && message.method === 'tools/call' && 'id' in message) {
      if (this.#isEnding) {
        this.#refuse(message.id);
        return;
      }
      this.#calls.add(message.id);
      this.#onChange();
    }
    this.onmessage?.(message);
    if ('method' in message && message.method === 'notifications/cancelled') {
      const id = message.params?.['requestId'];
      if (typeof id === 'string' || typeof id === 'number') this.#forget(id);
    }
  }

  #refuse(id: RequestId): void {
    const error = {
      code: ENDING,
      message: 'The server is about to end and takes no more calls. Connect again.',
    };
    this.#inner.send({ jsonrpc: '2.0', id, error }).catch(() => undefined); // nobody is there any more
  }

  #forget(id: RequestId): void {
    if (this.#calls.delete(id)) this.#onChange();
  }
}
