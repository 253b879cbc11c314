import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf, type Answer } from './answer.ts';
import { ApiError } from './api-error.ts';
import { chunksOf, completionOf } from './chat-answer.ts';
import { asMessages, chatRequest } from './chat-request.ts';
import { expanded, loadedIn } from './deferred.ts';
import { eventsOf } from './events.ts';
import { MODELS, modelOf, type ModelRules } from './models.ts';
import { authenticate, bodyOf, parsed, sendJson, sendWhole } from './http.ts';
import { PrefixCache } from './prefix-cache.ts';
import { blocksOf, countRequest, messagesRequest, turnsOf, type MessagesRequest } from './request.ts';
import { check } from './rules.ts';
import { Script, type Fault, type Steps } from './script.ts';
import { sendEvents, sendStream } from './stream.ts';
import { tokensOf } from './tokens.ts';

export interface FakeMessagesOptions {
  readonly steps: Steps;
  /** Milliseconds, for what the cache forgets. */
  readonly now?: () => number;
}

/** A server on this machine that speaks the Messages API and chat completions. */
export interface FakeMessages {
  /** The base of the Messages API, such as `http://127.0.0.1:45678`; that of chat completions has `/v1` besides. */
  readonly url: string;
  /** The requests that were in order, oldest first. */
  readonly requests: readonly MessagesRequest[];
  /** What was answered, oldest first: also where it broke on its way. */
  readonly answers: readonly Answer[];
  /** Why requests were refused, oldest first. */
  readonly refusals: readonly string[];
  /** @throws Error where steps are left or a request was not the expected one */
  done(): void;
  close(): Promise<void>;
}

export async function startFakeMessages({
  steps,
  now = Date.now,
}: FakeMessagesOptions): Promise<FakeMessages> {
  const api = new Api(new Script(steps), new PrefixCache(now));
  const server = createServer((request, response) => void api.serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    ...{ requests: api.requests, answers: api.answers, refusals: api.refusals },
    done: () => api.done(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

class Api {
  readonly #script: Script;
  readonly #cache: PrefixCache;
  readonly requests: MessagesRequest[] = [];
  readonly answers: Answer[] = [];
  readonly refusals: string[] = [];
  #served = 0;

  constructor(script: Script, cache: PrefixCache) {
    this.#script = script;
    this.#cache = cache;
  }

  done(): void {
    const { complaints, left } = this.#script;
    const said = [...complaints, ...(left === 0 ? [] : [`${left} steps were left`])];
    if (said.length > 0) throw new Error(said.join('\n'));
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#served += 1;
    const id = `req_${this.#served}`;
    response.setHeader('request-id', id);
    try {
      await this.#answer(request, response);
    } catch (error) {
      const known = error instanceof ApiError ? error : new ApiError(500, String(error));
      this.refusals.push(known.message);
      if (known.retryAfter !== null) response.setHeader('retry-after', String(known.retryAfter));
      sendJson(response, known.body(id), known.status);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const route = `${request.method ?? ''} ${pathname}`;
    if (route === 'POST /v1/chat/completions') return this.#chat(await bodyOf(request), response);
    authenticate(request);
    if (route === 'POST /v1/messages') return this.#messages(await bodyOf(request), response);
    if (route === 'POST /v1/messages/count_tokens') sendJson(response, countOf(await bodyOf(request)));
    else if (route === 'GET /v1/models') sendJson(response, modelList());
    else throw new ApiError(404, `${route} is not here`);
  }

  #messages(body: unknown, response: ServerResponse): Promise<void> {
    const request = parsed(messagesRequest, body);
    const { answer, fault } = this.#next(request, modelOf(request));
    return request.stream === true
      ? sendEvents(response, eventsOf(answer), fault)
      : sendWhole(response, answer, fault);
  }

  #chat(body: unknown, response: ServerResponse): Promise<void> {
    const chat = parsed(chatRequest, body);
    const request = asMessages(chat);
    const rules = { id: chat.model, isStrict: false, leastCached: 0, loadsTools: false };
    const { answer, fault } = this.#next(request, rules);
    if (chat.stream !== true) return sendWhole(response, completionOf(answer), fault);
    const chunks = chunksOf(answer, chat.stream_options?.include_usage === true);
    const texts = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'];
    return sendStream(response, { texts: texts.map(asData), error: asData(CHAT_OVERLOADED), fault });
  }

  #next(
    request: MessagesRequest,
    model: ModelRules,
  ): { readonly answer: Answer; readonly fault: Fault | null } {
    check(request, model);
    const { reply, fault } = this.#take(request);
    this.requests.push(request);
    if (fault !== null && !('after' in fault)) throw refusalOf(fault);
    const used = this.#cache.use(request, model.leastCached);
    const answer = answerOf(reply, {
      request,
      used,
      number: 1 + Math.max(this.answers.length, turnsOf(request)),
    });
    this.answers.push(answer);
    return { answer, fault };
  }

  #take(request: MessagesRequest): ReturnType<Script['take']> {
    try {
      return this.#script.take(request);
    } catch (cause) {
      throw new ApiError(400, cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }
}

const CHAT_OVERLOADED = '{"error":{"message":"Overloaded","type":"server_error","code":503}}';

const asData = (text: string): string => `data: ${text}\n\n`;

function countOf(body: unknown): object {
  const request = parsed(countRequest, body);
  check(request, modelOf(request));
  const said = request.messages.flatMap(blocksOf).map((block) => expanded(block, request));
  return { input_tokens: tokensOf([loadedIn(request), request.system, said]) };
}

function refusalOf(fault: Exclude<Fault, { after: number }>): ApiError {
  if (fault.kind === 'rate limit')
    return new ApiError(429, 'This request would exceed your rate limit', { retryAfter: fault.retryAfter });
  return fault.kind === 'overloaded'
    ? new ApiError(529, 'Overloaded')
    : new ApiError(500, 'Internal server error');
}

function modelList(): object {
  const data = MODELS.map(({ id }) => ({
    ...{ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' },
  }));
  return { data, has_more: false, first_id: data[0]?.id, last_id: data.at(-1)?.id };
}
