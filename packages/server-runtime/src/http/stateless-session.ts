import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import type { Exchange } from './exchange.ts';
import type { HttpSession, SessionMaterial } from './http-session.ts';

/** The 2026-07-28 protocol: every request stands alone, and one that loses its client is cancelled. */
export class StatelessSession implements HttpSession {
  readonly detached = 0;
  readonly #handler: McpHttpHandler;

  constructor({ server, limits, log }: SessionMaterial) {
    this.#handler = createMcpHandler(() => server.instance({ era: 'modern' }), {
      legacy: 'reject',
      bus: server.changes,
      keepAliveMs: limits.keepAliveMs,
      onerror: (err) => log.debug('http protocol error', { err }),
    });
  }

  answer({ request, body }: Exchange): Promise<Response> {
    return this.#handler.fetch(request, { parsedBody: body });
  }

  close(): Promise<void> {
    return this.#handler.close();
  }
}
