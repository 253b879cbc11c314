import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectToDaemon, daemonPlace } from '@deskhand/server-runtime';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { newSession, PersonAnswer, resumption } from './protocol.ts';
import { sessionView, type SessionView } from './session-view.ts';

const refused = z.object({ code: z.string(), message: z.string(), hint: z.string() });

export interface ClientOptions {
  readonly home: string;
  readonly version: string;
  readonly platform: NodeJS.Platform;
}

/** What comes over the stream of a session. */
export type Streamed =
  | { readonly kind: 'event'; readonly data: unknown }
  | { readonly kind: 'live'; readonly data: unknown }
  | { readonly kind: 'end'; readonly view: SessionView };

interface Wish {
  readonly body?: unknown;
  /** Ends the waiting for an answer, not what was asked for. */
  readonly signal?: AbortSignal | undefined;
}

/** Speaks with the daemon of a state folder. */
export class DaemonClient {
  readonly #url: string;
  readonly #token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Undefined where none runs. The private socket says where it is, so that no other process gets the token. */
  static async find({ home, version, platform }: ClientOptions): Promise<DaemonClient | undefined> {
    const place = daemonPlace({ home, name: 'deskhand', platform, uid: process.geteuid?.() ?? 0 });
    const connection = await connectToDaemon({ place, version, wants: { what: 'status' } });
    connection?.socket.destroy();
    const url = connection?.status.url;
    if (url === undefined) return undefined;
    return new DaemonClient(url, readFileSync(join(place.folder, 'deskhand.token'), 'utf8').trim());
  }

  async list(): Promise<readonly SessionView[]> {
    const answer = await this.#json('GET', '/sessions');
    return z.object({ sessions: z.array(sessionView) }).parse(answer).sessions;
  }

  start(body: z.input<typeof newSession>, signal?: AbortSignal): Promise<SessionView> {
    return this.#view('POST', '/sessions', { body, signal });
  }

  one(id: string): Promise<SessionView> {
    return this.#view('GET', `/sessions/${id}`);
  }

  resume(id: string, body: z.input<typeof resumption>, signal?: AbortSignal): Promise<SessionView> {
    return this.#view('POST', `/sessions/${id}/resume`, { body, signal });
  }

  answer(id: string, body: PersonAnswer, signal?: AbortSignal): Promise<SessionView> {
    return this.#view('POST', `/sessions/${id}/answers`, { body, signal });
  }

  stop(id: string): Promise<SessionView> {
    return this.#view('POST', `/sessions/${id}/stop`, { body: {} });
  }

  async delete(id: string): Promise<void> {
    await this.#ask('DELETE', `/sessions/${id}`);
  }

  /** @throws TypeError where the connection breaks: go on with the number of the last event; ApiError where the log does */
  async *events(id: string, after: number, signal: AbortSignal): AsyncGenerator<Streamed> {
    const response = await this.#ask('GET', `/sessions/${id}/events?after=${after}`, { signal });
    if (response.body === null) return;
    const messages = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const { event, data } of messages) {
      const value: unknown = JSON.parse(data);
      if (event === 'failed') throw refusalOf(422, value);
      if (event === 'end') yield { kind: 'end', view: sessionView.parse(value) };
      else yield { kind: event === 'live' ? 'live' : 'event', data: value };
    }
  }

  async #view(method: string, path: string, wish?: Wish): Promise<SessionView> {
    return sessionView.parse(await this.#json(method, path, wish));
  }

  async #json(method: string, path: string, wish?: Wish): Promise<unknown> {
    return (await this.#ask(method, path, wish)).json();
  }

  async #ask(method: string, path: string, { body, signal }: Wish = {}): Promise<Response> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.#token}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
    if (response.ok) return response;
    throw refusalOf(response.status, await response.json());
  }
}

function refusalOf(status: number, body: unknown): ApiError {
  const { code, message, hint } = refused.parse(body);
  return new ApiError(status, code, { message, hint });
}
