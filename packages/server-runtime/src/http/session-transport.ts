import {
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  WebStandardStreamableHTTPServerTransport,
  type JSONRPCMessage,
  type RequestId,
  type WebStandardStreamableHTTPServerTransportOptions,
} from '@modelcontextprotocol/server';

const requestCancelled = -32_800;

/** The SDK's transport of one session, which also knows what is not answered yet. */
export class SessionTransport extends WebStandardStreamableHTTPServerTransport {
  readonly #open = new Set<RequestId>();
  readonly #onAnswer: (id: RequestId) => void;

  constructor(options: WebStandardStreamableHTTPServerTransportOptions, onAnswer: (id: RequestId) => void) {
    super(options);
    this.#onAnswer = onAnswer;
  }

  isOpen(id: RequestId): boolean {
    return this.#open.has(id);
  }

  expect(id: RequestId): void {
    this.#open.add(id);
  }

  /** For a request that was refused before the server saw it. */
  forget(id: RequestId): void {
    this.#open.delete(id);
  }

  override async send(message: JSONRPCMessage, options?: { relatedRequestId?: RequestId }): Promise<void> {
    if ((isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) && message.id !== undefined) {
      this.#open.delete(message.id);
      await super.send(message, options);
      this.#onAnswer(message.id);
      return;
    }
    await super.send(message, options);
  }

  /** Tells the server that nobody waits for this answer any more. */
  cancel(id: RequestId, reason: string): Promise<void> {
    this.onmessage?.({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: id, reason },
    });
    return this.settle(id);
  }

  /** Ends the stream of a cancelled request, which nothing else would: a cancelled request gets no answer. */
  async settle(id: RequestId): Promise<void> {
    if (!this.#open.delete(id)) return;
    await super.send({ jsonrpc: '2.0', id, error: { code: requestCancelled, message: 'Request cancelled' } });
    this.#onAnswer(id);
  }
}
