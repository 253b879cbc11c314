import type { Sessions } from '../sessions.ts';
import type { HttpService } from './http-service.ts';
import { McpRoutes } from './mcp-routes.ts';
import { openDoor, type DoorSettings } from './open-door.ts';

/** Options of {@link serveHttp}. */
export interface HttpOptions extends DoorSettings {
  readonly sessions: Sessions;
  /** How long a session may be unused. Default 30 min. */
  readonly sessionIdleMs?: number;
}

/**
 * Serves MCP over HTTP at `/mcp`, the 2025 protocols with sessions and 2026-07-28 without, to callers with a token;
 * `/health` and `/ready` beside it.
 *
 * @throws ConfigError as {@link openDoor}
 */
export function serveHttp({ sessions, sessionIdleMs, ...settings }: HttpOptions): Promise<HttpService> {
  const { tokens, log } = settings;
  return openDoor(settings, {
    path: '/mcp',
    routes: ({ traffic, limits }) =>
      new McpRoutes({
        table: {
          sessions,
          holds: (caller) => tokens.holds(caller),
          idleMs: sessionIdleMs ?? 30 * 60_000,
          perToken: limits.sessionsPerToken,
          log,
        },
        traffic,
        limits,
      }),
  });
}
