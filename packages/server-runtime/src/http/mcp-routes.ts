import type { IncomingMessage, ServerResponse } from 'node:http';
import { openExchange, type Exchange } from './exchange.ts';
import type { HttpLimits } from './limits.ts';
import { asksForWork, McpEndpoint } from './mcp-endpoint.ts';
import { allowMethods, readJson } from './read-json.ts';
import { Refusal } from './refusal.ts';
import type { Routes } from './routes.ts';
import { SessionTable, type SessionTableOptions } from './session-table.ts';
import type { Caller } from './token-record.ts';
import type { Traffic } from './traffic.ts';

interface McpRoutesOptions {
  readonly table: SessionTableOptions;
  readonly traffic: Traffic;
  readonly limits: HttpLimits;
}

/** MCP at `/mcp`, and nothing else. */
export class McpRoutes implements Routes {
  readonly #table: SessionTable;
  readonly #endpoint: McpEndpoint;
  readonly #traffic: Traffic;
  readonly #limits: HttpLimits;

  constructor({ table, traffic, limits }: McpRoutesOptions) {
    this.#table = new SessionTable(table);
    this.#endpoint = new McpEndpoint(this.#table, { limits, log: table.log, onEnd: () => traffic.end() });
    this.#traffic = traffic;
    this.#limits = limits;
  }

  get detached(): number {
    return this.#table.detached;
  }

  get detail(): Readonly<Record<string, unknown>> {
    return { sessions: this.#table.size };
  }

  async answer(req: IncomingMessage, res: ServerResponse, caller: Caller): Promise<Response> {
    if (req.url?.split('?', 1)[0] !== '/mcp') throw new Refusal(404, 'There is nothing here. MCP is at /mcp');
    allowMethods(req, ['GET', 'POST', 'DELETE']);
    const opened = openExchange(req, res);
    const body = req.method === 'POST' ? await readJson(req, this.#limits.bodyBytes) : undefined;
    const exchange: Exchange = { ...opened, body };
    this.#traffic.touch();
    if (asksForWork(body)) this.#traffic.begin(exchange);
    return this.#endpoint.answer(exchange, caller);
  }

  refuse(refusal: Refusal): Response {
    return refusal.toResponse();
  }

  close(): Promise<void> {
    return this.#table.close();
  }
}
