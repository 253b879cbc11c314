import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sessions } from '@deskhand/agent-host';
import { readJson, type Behind, type Refusal, type Routes } from '@deskhand/server-runtime';
import type { DesktopAsking } from './ask-at-desktop.ts';
import { ApiError, apiErrorOf } from './api-error.ts';
import { find, type Route } from './route.ts';
import { routesOf, type House } from './routes.ts';

interface SessionApiOptions extends Omit<House, 'keepAliveMs'> {
  readonly behind: Behind;
  readonly asking: DesktopAsking;
}

/** The routes behind the daemon's door. */
export class SessionApi implements Routes {
  readonly #house: House;
  readonly #behind: Behind;
  readonly #asking: DesktopAsking;
  readonly #routes: readonly Route[];
  readonly #sessions: Sessions;

  constructor({ behind, asking, ...house }: SessionApiOptions) {
    this.#house = { ...house, keepAliveMs: behind.limits.keepAliveMs };
    this.#behind = behind;
    this.#asking = asking;
    this.#routes = routesOf(this.#house);
    this.#sessions = house.sessions;
  }

  get detached(): number {
    return this.#house.runs.running;
  }

  get detail(): Readonly<Record<string, unknown>> {
    return { running: this.#house.runs.running };
  }

  async answer(req: IncomingMessage, res: ServerResponse): Promise<Response> {
    this.#behind.traffic.touch();
    res.once('close', () => this.#behind.traffic.end());
    try {
      const done = await this.#run(req);
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

  async #run(req: IncomingMessage): Promise<unknown> {
    const { method = '', url = '/', headers } = req;
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const { route, id } = find(this.#routes, { method, path: pathname });
    const hasBody = method === 'POST' && headers['content-length'] !== '0';
    const body = hasBody ? await readJson(req, this.#behind.limits.bodyBytes) : {};
    const asked = { body, query: Object.fromEntries(searchParams), headers };
    return route.run({ ...asked, id: id === '' ? '' : this.#sessions.find(id) });
  }
}

const HINT = 'What there is: GET /openapi.json';

const responseOf = (
  { status, code, message, hint }: ApiError,
  headers: Readonly<Record<string, string>> = {},
) => Response.json({ code, message, hint }, { status, headers });
