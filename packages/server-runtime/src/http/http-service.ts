import type { Server } from 'node:http';
import type { Routes } from './routes.ts';
import type { Traffic } from './traffic.ts';

/** A door that is open. */
export interface HttpService {
  /** Such as `http://127.0.0.1:4711/mcp`: where its routes begin. */
  readonly url: string;
  /** When a request last came or was answered, in milliseconds since the epoch. */
  readonly lastActivity: number;
  /** Requests that are not answered yet. Streams that clients only listen on do not count. */
  readonly active: number;
  /** Refuses new work with 503, lets what runs finish for so many milliseconds, and closes. */
  drain(ms: number): Promise<void>;
  /** Cancels what runs, ends all sessions and streams, and frees the port. */
  close(): Promise<void>;
}

interface HttpDoorParts {
  readonly server: Server;
  readonly url: string;
  readonly routes: Routes;
  readonly traffic: Traffic;
}

export class HttpDoor implements HttpService {
  readonly #parts: HttpDoorParts;
  #closing: Promise<void> | undefined;

  constructor(parts: HttpDoorParts) {
    this.#parts = parts;
  }

  get url(): string {
    return this.#parts.url;
  }

  get lastActivity(): number {
    return this.#parts.traffic.lastActivity;
  }

  get active(): number {
    return this.#parts.traffic.running + this.#parts.routes.detached;
  }

  /** Connections stay open meanwhile, because the answers to questions of running calls come through them. */
  async drain(ms: number): Promise<void> {
    const { traffic, routes } = this.#parts;
    const enough = AbortSignal.timeout(ms);
    traffic.drain();
    routes.drain?.();
    while (this.active > 0 && !enough.aborted) await traffic.nextEnd(enough);
    await this.close();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { server, routes, traffic } = this.#parts;
    traffic.drain();
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    await routes.close();
    server.closeAllConnections();
    await closed;
  }
}
