import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

const PROTOCOL = '2025-11-25';

const answer = z.object({
  id: z.number(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});

/** A request of the server: it is told that nobody here can answer. */
const question = z.object({ id: z.union([z.number(), z.string()]), method: z.string() });

const METHOD_NOT_FOUND = -32_601;

/** The server refused a request as such, or hung up. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly hungUp: boolean;

  constructor(message: string, { hungUp = false } = {}) {
    super(message);
    this.hungUp = hungUp;
  }
}

/** The least client that can list and call tools, so that a command needs no client library. */
export class Wire {
  readonly #output: Writable;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void }
  >();
  #last = 0;

  private constructor(input: Readable, output: Writable) {
    this.#output = output;
    const lines = createInterface({ input });
    lines.on('line', (line) => this.#receive(line));
    lines.once('close', () => {
      for (const { reject } of this.#waiting.values())
        reject(new WireError('the server hung up', { hungUp: true }));
    });
  }

  static async open(
    { input, output }: { readonly input: Readable; readonly output: Writable },
    clientInfo: { readonly name: string; readonly version: string },
  ): Promise<Wire> {
    const wire = new Wire(input, output);
    await wire.request('initialize', { protocolVersion: PROTOCOL, capabilities: {}, clientInfo });
    wire.#send({ method: 'notifications/initialized' });
    return wire;
  }

  /** @throws WireError when the server answers with a protocol error or hangs up */
  request(method: string, params: object): Promise<unknown> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  #send(message: object): void {
    this.#output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  #receive(line: string): void {
    const said: unknown = JSON.parse(line);
    const asked = question.safeParse(said);
    if (asked.success) {
      const error = { code: METHOD_NOT_FOUND, message: 'this client answers nothing' };
      this.#send({ id: asked.data.id, error });
      return;
    }
    const answered = answer.safeParse(said);
    if (!answered.success) return; // a notification
    const { id, result, error } = answered.data;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new WireError(error.message));
  }
}
