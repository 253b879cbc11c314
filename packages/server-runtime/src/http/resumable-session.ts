import type { RequestId } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { EventLog } from './event-log.ts';
import type { Exchange } from './exchange.ts';
import type { HttpSession, SessionMaterial } from './http-session.ts';
import { Refusal } from './refusal.ts';
import { SessionTransport } from './session-transport.ts';

/** When a client should come back after its stream broke. */
const retryMs = 1_000;

const requestId = z.union([z.string(), z.number()]);
const request = z.looseObject({ method: z.string(), id: requestId });
const cancellation = z.looseObject({
  method: z.literal('notifications/cancelled'),
  params: z.looseObject({ requestId }),
});

/**
 * The 2025 protocols: the server can ask, and a client whose connection breaks can come back. A call whose client
 * does not come back in time is cancelled.
 */
export class ResumableSession implements HttpSession {
  readonly #events = new EventLog();
  readonly #transport: SessionTransport;
  readonly #connected: Promise<void>;
  readonly #resumeMs: number;
  readonly #log: Log;
  #isClosed = false;
  readonly #detached = new Set<RequestId>();
  /** Detached calls whose client is gone, by the timer that cancels them. */
  readonly #lapsing = new Map<NodeJS.Timeout, readonly RequestId[]>();

  constructor({ id, server, limits, log, onEnd }: SessionMaterial) {
    this.#resumeMs = limits.resumeMs;
    this.#log = log;
    this.#transport = new SessionTransport(
      {
        sessionIdGenerator: () => id,
        eventStore: this.#events,
        retryInterval: retryMs,
        keepAliveMs: limits.keepAliveMs,
      },
      (answered) => {
        if (this.#detached.delete(answered)) onEnd();
      },
    );
    this.#connected = server.instance({ era: 'legacy' }).connect(this.#transport);
    this.#transport.onerror = (err) => log.debug('http protocol error', { err });
  }

  get detached(): number {
    return this.#detached.size;
  }

  async answer(exchange: Exchange): Promise<Response> {
    await this.#connected;
    if (exchange.request.method === 'POST') return this.#answerPost(exchange);
    const lastEvent = exchange.request.headers.get('last-event-id');
    if (exchange.request.method === 'GET' && lastEvent !== null) this.#resume(lastEvent, exchange);
    return this.#transport.handleRequest(exchange.request);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#lapsing.keys()) clearTimeout(timer);
    this.#lapsing.clear();
    this.#detached.clear();
    await this.#transport.close();
  }

  async #answerPost(exchange: Exchange): Promise<Response> {
    const messages: readonly unknown[] = Array.isArray(exchange.body) ? exchange.body : [exchange.body];
    const asked = messages.flatMap((message) => request.safeParse(message).data?.id ?? []);
    this.#refuseReused(asked);
    for (const id of asked) this.#transport.expect(id);
    const response = await this.#transport.handleRequest(exchange.request, { parsedBody: exchange.body });
    for (const message of messages) {
      const cancelled = cancellation.safeParse(message).data?.params.requestId;
      if (response.ok && cancelled !== undefined) await this.#transport.settle(cancelled);
    }
    if (!response.ok) for (const id of asked) this.#transport.forget(id);
    this.#watch(asked, exchange);
    return response;
  }

  /** @throws Refusal 400 because of two requests with one id, only one could be cancelled. */
  #refuseReused(ids: readonly RequestId[]): void {
    const isReused = new Set(ids).size < ids.length || ids.some((id) => this.#transport.isOpen(id));
    if (!isReused) return;
    throw new Refusal(400, 'Invalid request: the id is that of a request which still runs', {
      code: -32_600,
    });
  }

  #watch(ids: readonly RequestId[], { ended }: Exchange): void {
    void ended.then(() => {
      const left = ids.filter((id) => this.#transport.isOpen(id));
      if (left.length === 0 || this.#isClosed) return;
      for (const id of left) this.#detached.add(id);
      const timer = setTimeout(() => this.#lapse(timer), this.#resumeMs).unref();
      this.#lapsing.set(timer, left);
    });
  }

  #lapse(timer: NodeJS.Timeout): void {
    const ids = this.#lapsing.get(timer) ?? [];
    this.#lapsing.delete(timer);
    for (const id of ids) {
      this.#transport.cancel(id, 'the client went away').catch((err: unknown) => {
        this.#log.warn('a call whose client went away was not ended', { err });
      });
    }
  }

  /** @throws Refusal 400 when what the client missed is no longer known. */
  #resume(lastEvent: string, exchange: Exchange): void {
    if (this.#events.streamOf(lastEvent) === undefined) {
      throw new Refusal(400, 'Last-Event-ID is not known, or too long ago. Send the request again');
    }
    const ids = [...this.#lapsing.values()].flat();
    for (const timer of this.#lapsing.keys()) clearTimeout(timer);
    this.#lapsing.clear();
    this.#watch(ids, exchange);
  }
}
