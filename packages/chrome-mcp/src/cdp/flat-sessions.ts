import { z } from 'zod';
import {
  ConnectionClosed,
  type Answer,
  type CdpSession,
  type Command,
  type EventName,
  type Events,
  type Params,
  type SendOptions,
} from './connection.ts';

/** What the browser says is typed by the browser itself: only the envelope is checked. */
const asTheBrowserSays: z.ZodType<never> = z.custom<never>();

const detached = z.object({ sessionId: z.string() });

/** Sends one command and gives the browser's answer. */
export type Transmit = (command: string, params: object, sessionId: string) => Promise<unknown>;

/** The sessions of one connection: who listens to what, and what still waits when one of them ends. */
export class FlatSessions {
  readonly #transmit: Transmit;
  readonly #open = new Map<string, FlatSession>();

  constructor(transmit: Transmit) {
    this.#transmit = transmit;
  }

  session(id: string): CdpSession {
    const known = this.#open.get(id);
    if (known !== undefined) return known;
    const session = new FlatSession(id, this.#transmit);
    this.#open.set(id, session);
    return session;
  }

  /** Tells those who listen; a session that was detached from ends after they know. */
  deliver(sessionId: string, event: string, params: unknown): void {
    this.#open.get(sessionId)?.deliver(event, params);
    if (event !== 'Target.detachedFromTarget') return;
    const gone = detached.parse(params).sessionId;
    this.#open.get(gone)?.end('the page was closed or replaced');
    this.#open.delete(gone);
  }

  end(reason: string): void {
    for (const session of this.#open.values()) session.end(reason);
  }
}

class FlatSession implements CdpSession {
  readonly id: string;
  readonly #transmit: Transmit;
  readonly #listeners = new Map<string, Set<(params: never) => void>>();
  readonly #waiting = new Set<(reason: Error) => void>();
  #ended: string | null = null;

  constructor(id: string, transmit: Transmit) {
    this.id = id;
    this.#transmit = transmit;
  }

  send<C extends Command>(command: C, params?: Params<C>, { signal }: SendOptions = {}): Promise<Answer<C>> {
    return new Promise((resolve, reject) => {
      const leave = (): void => fail(signal?.reason);
      const settle = (): void => {
        this.#waiting.delete(fail);
        signal?.removeEventListener('abort', leave);
      };
      const fail = (reason: unknown): void => {
        settle();
        reject(reason instanceof Error ? reason : new Error(`${command} was given up`, { cause: reason }));
      };
      if (this.#ended !== null) {
        fail(new ConnectionClosed(`${command}: ${this.#ended}`));
        return;
      }
      if (signal?.aborted === true) {
        leave();
        return;
      }
      this.#waiting.add(fail);
      signal?.addEventListener('abort', leave);
      this.#transmit(command, params ?? {}, this.id).then((answer) => {
        settle();
        resolve(asTheBrowserSays.parse(answer));
      }, fail);
    });
  }

  on<E extends EventName>(event: E, hear: (params: Events[E][0]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    // one function that is added twice is told twice
    const listener = (params: never): void => hear(params);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  deliver(event: string, params: unknown): void {
    const listeners = this.#listeners.get(event);
    if (listeners === undefined) return;
    for (const hear of [...listeners]) hear(asTheBrowserSays.parse(params));
  }

  end(reason: string): void {
    this.#ended = reason;
    for (const fail of [...this.#waiting]) fail(new ConnectionClosed(reason));
  }
}
