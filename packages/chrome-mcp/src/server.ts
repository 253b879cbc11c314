import type { ServerDefinition } from '@deskhand/server-runtime';
import { config } from './config.ts';

/** The browser server, for `runBin`. */
export const chrome: ServerDefinition<typeof config.schema> = {
  config,
  title: 'Chrome',
  package: '@deskhand/chrome-mcp',
  open: () =>
    Promise.resolve({
      session: () => ({ tools: [], permission: () => ({ allowed: true as const }) }),
      independentSessions: true,
      close: () => undefined,
    }),
};
