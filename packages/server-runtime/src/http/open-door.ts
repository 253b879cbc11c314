import type { Log } from '../log.ts';
import { allowedHosts } from './allowed-hosts.ts';
import { FrontDoor } from './front-door.ts';
import { HttpDoor, type HttpService } from './http-service.ts';
import { defaultLimits, type HttpLimits } from './limits.ts';
import { createHttpServer, listen, ownHosts, refuseRemote, urlOf } from './listening.ts';
import { Readiness } from './readiness.ts';
import type { Routes } from './routes.ts';
import type { TokenStore } from './token-store.ts';
import { Traffic } from './traffic.ts';

/** Where a door is, and who may come through. */
export interface DoorSettings {
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
  /** Rejects with the reason while the server cannot do its work. */
  ready(signal: AbortSignal): Promise<void>;
  readonly limits?: Partial<HttpLimits>;
}

/** What routes are made with. */
export interface Behind {
  readonly traffic: Traffic;
  readonly limits: HttpLimits;
}

interface Routing {
  /** Where the routes begin, such as `/mcp`. */
  readonly path: string;
  readonly routes: (behind: Behind) => Routes;
}

/**
 * Opens a door to routes for callers with a token; `/health` and `/ready` beside them.
 *
 * @throws ConfigError when the address is not loopback and `allowRemote` is not set, cannot be listened on, or an
 * allowed host is not a name.
 */
export async function openDoor(
  settings: DoorSettings,
  { path, routes: make }: Routing,
): Promise<HttpService> {
  const limits = { ...defaultLimits, ...settings.limits };
  if (settings.listenFd === undefined) refuseRemote(settings.host, settings);
  await settings.tokens.owner();
  const server = createHttpServer(limits);
  const address = await listen(server, settings);
  const { log, tokens, name, version } = settings;
  const traffic = new Traffic();
  const routes = make({ traffic, limits });
  const readiness = new Readiness({
    ready: (signal) => settings.ready(signal),
    timeoutMs: limits.readyMs,
    detail: () => ({ name, version, ...routes.detail, active: traffic.running + routes.detached }),
  });
  const hosts = allowedHosts(address.port, [...ownHosts(address), ...(settings.allowedHosts ?? [])]);
  const door = new FrontDoor({ hosts, tokens, readiness, routes, limits, log });
  server.on('error', (err) => log.error('a connection was not accepted', { err }));
  server.on('request', (req, res) => void door.handle(req, res));
  return new HttpDoor({ server, url: `${urlOf(address)}${path}`, routes, traffic });
}
