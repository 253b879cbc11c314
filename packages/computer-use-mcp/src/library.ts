import { openServer, type DeskhandServer, type OpenServerOptions } from '@deskhand/server-runtime';
import type { config } from './config.ts';
import { computerUse } from './server.ts';

export type ComputerUseServerOptions = OpenServerOptions<typeof config.schema>;

/**
 * The desktop server within this process. It connects to the display at the first call that needs it.
 *
 * @throws ConfigError for options that cannot work; GrantsError for a state folder that is not safe
 */
export const createServer = (options: ComputerUseServerOptions): Promise<DeskhandServer> =>
  openServer(computerUse, options);
