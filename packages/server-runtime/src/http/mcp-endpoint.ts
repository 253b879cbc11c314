import { randomUUID } from 'node:crypto';
import { isInitializeRequest, isJSONRPCRequest, isLegacyRequest } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Exchange } from './exchange.ts';
import type { DoorMaterial, HttpSession } from './http-session.ts';
import { Refusal, sessionNotFound } from './refusal.ts';
import { ResumableSession } from './resumable-session.ts';
import type { SessionTable } from './session-table.ts';
import { StatelessSession } from './stateless-session.ts';
import type { Caller } from './token-record.ts';

const sessionHeader = 'mcp-session-id';

const namedSession = z.looseObject({
  params: z.looseObject({ _meta: z.looseObject({ 'deskhand/session': z.unknown() }) }),
});

const sessionName = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);

/** `/mcp`: finds the session of a request of an authenticated caller, in the era that the request speaks. */
export class McpEndpoint {
  readonly #table: SessionTable;
  readonly #material: DoorMaterial;

  constructor(table: SessionTable, material: DoorMaterial) {
    this.#table = table;
    this.#material = material;
  }

  /** @throws Refusal when there is no such session, or none can be opened. */
  async answer(exchange: Exchange, caller: Caller): Promise<Response> {
    const isOld = await isLegacyRequest(exchange.request, exchange.body);
    if (!isOld) return this.#answerStateless(exchange, caller);
    const id = exchange.request.headers.get(sessionHeader);
    if (id !== null) return this.#answerInSession(id, exchange, caller);
    if (isInitializeRequest(exchange.body)) return this.#initialize(exchange, caller);
    if (isSessionless(exchange.request)) {
      throw new Refusal(405, 'This protocol version has POST only', { headers: { Allow: 'POST' } });
    }
    throw new Refusal(400, 'Mcp-Session-Id is missing. Send initialize first');
  }

  #answerStateless(exchange: Exchange, caller: Caller): Promise<Response> {
    const id = statelessId(exchange.body, caller);
    const session =
      this.#table.find(id, caller) ??
      this.#table.open(id, caller, (server) => new StatelessSession({ id, server, ...this.#material }));
    return this.#answerBy(session, { id, exchange });
  }

  async #initialize(exchange: Exchange, caller: Caller): Promise<Response> {
    const id = randomUUID();
    const session = this.#table.open(
      id,
      caller,
      (server) => new ResumableSession({ id, server, ...this.#material }),
    );
    const response = await this.#answerBy(session, { id, exchange });
    if (!response.ok) await this.#table.end(id);
    return response;
  }

  async #answerInSession(id: string, exchange: Exchange, caller: Caller): Promise<Response> {
    const session = this.#table.find(id, caller);
    if (session === undefined) throw sessionNotFound();
    const response = await this.#answerBy(session, { id, exchange });
    if (exchange.request.method === 'DELETE' && response.ok) await this.#table.end(id);
    return response;
  }

  #answerBy(session: HttpSession, { id, exchange }: { id: string; exchange: Exchange }): Promise<Response> {
    this.#table.use(id, exchange);
    return session.answer(exchange);
  }
}

/** The session of a request that has none of its own: the token's, or the one a host names within the token's. */
function statelessId(body: unknown, { label, id }: Caller): string {
  const named = namedSession.safeParse(body).data?.params._meta['deskhand/session'];
  if (named === undefined) return `${label}.${id}`;
  const name = sessionName.safeParse(named);
  if (name.success) return `${label}.${id}.${name.data}`;
  throw new Refusal(400, '_meta["deskhand/session"] must be 1 to 64 letters, digits, dots or hyphens', {
    code: -32_602,
  });
}

/** A GET or DELETE of a protocol that has neither; versions are dates, and compare as such. */
const isSessionless = ({ method, headers }: Request): boolean =>
  method !== 'POST' && (headers.get('mcp-protocol-version') ?? '') >= '2026-07-28';

/** Whether a body asks for work: anything but answers, notifications and a stream to listen on. */
export function asksForWork(body: unknown): boolean {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body];
  return messages.some((message) => isJSONRPCRequest(message) && message.method !== 'subscriptions/listen');
}
