import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sessions } from '@deskhand/agent-host';
import type { Ledger } from '@deskhand/run-ledger';
import { readJson, type Behind, type Caller, type Refusal, type Routes } from '@deskhand/server-runtime';
import { ulid } from 'ulid';
import type { DesktopAsking } from './ask-at-desktop.ts';
import { ApiError, apiErrorOf } from './api-error.ts';
import { recorded } from './record.ts';
import { find, type Route } from './route.ts';
import { routesOf, type House } from './routes.ts';

interface SessionApiOptions extends Omit<House, 'keepAliveMs'> {
  readonly behind: Behind;
  readonly asking: DesktopAsking;
  readonly ledger: Ledger;
}

/** The routes behind the daemon's door. */
export class SessionApi implements Routes {
  readonly #house: House;
  readonly #behind: Behind;
  readonly #asking: DesktopAsking;
  readonly #ledger: Ledger;
  readonly #routes: readonly Route[];
  readonly #sessions: Sessions;

  constructor({ behind, asking, ledger, ...house }: SessionApiOptions) {
    this.#house = { ...house, keepAliveMs: behind.limits.keepAliveMs };
    this.#behind = behind;
    this.#asking = asking;
    this.#ledger = ledger;
    this.#routes = routesOf(this.#house);
    this.#sessions = house.sessions;
  }

  get detached(): number {
    return this.#house.runs.running;
  }

  get detail(): Readonly<Record<string, unknown>> {
    return { running: this.#house.runs.running };
  }

  async answer(req: IncomingMessage, res: ServerResponse, caller: Caller): Promise<Response> {
    this.#behind.traffic.touch();
    res.once('close', () => this.#behind.traffic.end());
    try {
      const done = await this.#run(req, caller);
      if (done instanceof Response) return done;
      return done === undefined ? new Response(null, { status: 204 }) : Response.json(done);
    } catch (error) {
      return responseOf(apiErrorOf(error));
    }
  }

  refuse({ status, message, headers }: Refusal): Response {
    const code = { 401: 'unauthorized', 403: 'forbidden', 413: 'too_large' }[status] ?? 'refused';
    const hint = status === 401 ? 'The token is in daemons/deskhand.token of the state folder.' : HINT;
    return responseOf(new ApiError(status, code, { message, hint }), headers);
  }

  drain(): void {
    void this.#house.runs.leave().then(() => this.#behind.traffic.end());
  }

  close(): Promise<void> {
    this.#asking.close();
    return this.#house.runs.leave();
  }

  async #run(req: IncomingMessage, { label: token }: Caller): Promise<unknown> {
    const { method = '', url = '/', headers } = req;
    const [path = '', ...query] = url.split('?'); // as it was sent: nothing of it is resolved
    const { route, id: given } = find(this.#routes, { method, path });
    const body = hasBody(req) ? await readJson(req, this.#behind.limits.bodyBytes) : {};
    const input = { body, query: Object.fromEntries(new URLSearchParams(query.join('?'))) };
    const id = given === '' ? ulid() : this.#sessions.find(given);
    const run = () => route.run({ ...input, headers, id });
    if (route.act === undefined) return run();
    return recorded(this.#ledger, { name: route.act, session: id, token, input }, run);
  }
}

const hasBody = ({ method, headers }: IncomingMessage): boolean =>
  method === 'POST' && ('transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0);

const HINT = 'What there is: GET /openapi.json';

const responseOf = ({ status, body }: ApiError, headers: Readonly<Record<string, string>> = {}) =>
  Response.json(body, { status, headers });
