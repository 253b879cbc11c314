import type { Log } from '../log.ts';
import type { Sessions } from '../sessions.ts';
import { allowedHosts } from './allowed-hosts.ts';
import { FrontDoor } from './front-door.ts';
import { HttpDoor, type HttpService } from './http-service.ts';
import { defaultLimits, type HttpLimits } from './limits.ts';
import { createHttpServer, listen, ownHosts, refuseRemote, urlOf } from './listening.ts';
import { McpEndpoint } from './mcp-endpoint.ts';
import { Readiness } from './readiness.ts';
import { SessionTable } from './session-table.ts';
import type { TokenStore } from './token-store.ts';
import { Traffic } from './traffic.ts';

/** Options of {@link serveHttp}. */
export interface HttpOptions {
  readonly sessions: Sessions;
  readonly tokens: TokenStore;
  readonly name: string;
  readonly version: string;
  /** Address to listen on. Anything but loopback is refused without `allowRemote`. */
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
  /** A TCP socket that already listens, as socket activation hands one over, instead of `host` and `port`. */
  readonly listenFd?: number;
  /** Names beside loopback's under which clients may address the server: `name` or `name:port`. */
  readonly allowedHosts?: readonly string[];
  /** Lets the door be reached from other machines. Default false. */
  readonly allowRemote?: boolean;
  readonly log: Log;
  /** How long a session may be unused. Default 30 min. */
  readonly sessionIdleMs?: number;
  /** Rejects with the reason while the server cannot do its work. */
  ready(signal: AbortSignal): Promise<void>;
  readonly limits?: Partial<HttpLimits>;
}

/**
 * Serves MCP over HTTP at `/mcp`, the 2025 protocols with sessions and 2026-07-28 without, to callers with a token;
 * `/health` and `/ready` beside it.
 *
 * @throws ConfigError when the address is not loopback and `allowRemote` is not set, cannot be listened on, or an
 * allowed host is not a name.
 */
export async function serveHttp(options: HttpOptions): Promise<HttpService> {
  const limits = { ...defaultLimits, ...options.limits };
  if (options.listenFd === undefined) refuseRemote(options.host, options);
  await options.tokens.owner();
  const server = createHttpServer(limits);
  const address = await listen(server, options);
  const { log, sessions, tokens } = options;
  const traffic = new Traffic();
  const table = new SessionTable({
    sessions,
    holds: (caller) => tokens.holds(caller),
    idleMs: options.sessionIdleMs ?? 30 * 60_000,
    perToken: limits.sessionsPerToken,
    log,
  });
  const { name, version } = options;
  const readiness = new Readiness({
    ready: (signal) => options.ready(signal),
    timeoutMs: limits.readyMs,
    detail: () => ({ name, version, sessions: table.size, active: traffic.running + table.detached }),
  });
  const endpoint = new McpEndpoint(table, { limits, log, onEnd: () => traffic.end() });
  const hosts = allowedHosts(address.port, [...ownHosts(address), ...(options.allowedHosts ?? [])]);
  const door = new FrontDoor({ hosts, tokens, readiness, endpoint, traffic, limits, log });
  server.on('error', (err) => log.error('a connection was not accepted', { err }));
  server.on('request', (req, res) => void door.handle(req, res));
  return new HttpDoor({ server, url: urlOf(address), table, traffic });
}
