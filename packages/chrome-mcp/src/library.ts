import { openServer, type DeskhandServer, type OpenServerOptions } from '@deskhand/server-runtime';
import type { config } from './config.ts';
import { chrome } from './server.ts';

export type ChromeServerOptions = OpenServerOptions<typeof config.schema>;

/**
 * The browser server within this process. The browser starts at the first call that needs it and ends with `close`.
 *
 * @throws ConfigError for options that cannot work; GrantsError for a state folder that is not safe
 */
export const createServer = (options: ChromeServerOptions): Promise<DeskhandServer> =>
  openServer(chrome, options);
