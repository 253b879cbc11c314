import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { sendResponse } from './exchange.ts';
import type { HttpLimits } from './limits.ts';
import { allowMethods } from './read-json.ts';
import type { Readiness } from './readiness.ts';
import { Refusal } from './refusal.ts';
import type { Routes } from './routes.ts';
import type { Caller } from './token-record.ts';
import type { TokenStore } from './token-store.ts';

/** What every request passes, in this order. */
export interface FrontDoorParts {
  readonly hosts: AllowedHosts;
  readonly tokens: TokenStore;
  readonly readiness: Readiness;
  readonly routes: Routes;
  readonly limits: HttpLimits;
  readonly log: Log;
}

/** Checks Host, Origin and token before anything is routed, and answers whatever comes. */
export class FrontDoor {
  readonly #parts: FrontDoorParts;

  constructor(parts: FrontDoorParts) {
    this.#parts = parts;
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { log, limits } = this.#parts;
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('X-Content-Type-Options', 'nosniff');
    try {
      await sendResponse(await this.#answer(req, res), res, limits.stallMs);
    } catch (err) {
      if (!res.destroyed) log.error('an http request failed', { err });
      res.destroy();
    }
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<Response> {
    const { log, routes } = this.#parts;
    try {
      this.#checkSource(req);
      return await this.#route(req, res);
    } catch (error) {
      if (error instanceof Refusal) return routes.refuse(error);
      log.error('an http request failed', { err: error });
      return routes.refuse(new Refusal(500, 'Internal server error', { code: -32_603 }));
    }
  }

  /** @throws Refusal 403 for a web page that reaches for a server it does not know, by name or by cross-site call. */
  #checkSource({ headers, headersDistinct }: IncomingMessage): void {
    const { hosts } = this.#parts;
    if (headersDistinct.host?.length !== 1 || !hosts.host(headers.host)) {
      throw new Refusal(
        403,
        'This Host is not served. Use 127.0.0.1 and the port, or have the operator allow it',
      );
    }
    if ((headersDistinct.origin?.length ?? 0) > 1 || !hosts.origin(headers.origin)) {
      throw new Refusal(403, 'This Origin may not call');
    }
  }

  async #route(req: IncomingMessage, res: ServerResponse): Promise<Response> {
    const { tokens, readiness, routes } = this.#parts;
    const path = req.url?.split('?', 1)[0];
    if (path === '/health') {
      allowMethods(req, ['GET', 'HEAD']);
      return Response.json({ status: 'ok' });
    }
    const caller = authenticated(req, tokens);
    if (path === '/ready') {
      allowMethods(req, ['GET', 'HEAD']);
      return readiness.answer(caller);
    }
    if (caller === undefined) throw unauthorized();
    return routes.answer(req, res, caller);
  }
}

/**
 * Who shows a token; undefined when none is shown.
 *
 * @throws Refusal 401 for one that does not count.
 */
function authenticated({ headers }: IncomingMessage, tokens: TokenStore): Caller | undefined {
  if (headers.authorization === undefined) return undefined;
  const [, bearer] = /^Bearer +([\x21-\x7e]{1,512}) *$/i.exec(headers.authorization) ?? [];
  const caller = bearer === undefined ? undefined : tokens.verify(bearer);
  if (caller === undefined) throw unauthorized('invalid_token');
  return caller;
}

function unauthorized(error?: 'invalid_token'): Refusal {
  const message =
    error === undefined
      ? 'A token is missing. Send it as: Authorization: Bearer TOKEN'
      : 'The token is unknown, revoked or expired';
  const challenge = `Bearer realm="deskhand"${error === undefined ? '' : `, error="${error}"`}`;
  return new Refusal(401, message, { headers: { 'WWW-Authenticate': challenge } });
}
