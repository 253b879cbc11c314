import { openServer, type DeskhandServer, type OpenServerOptions } from '@deskhand/server-runtime';
import type { config } from './config.ts';
import { workspace } from './server.ts';

export type WorkspaceServerOptions = OpenServerOptions<typeof config.schema>;

/**
 * The workspace server within this process. The sandbox starts at the first call that needs it and ends with `close`.
 *
 * @throws ConfigError for options that cannot work; GrantsError for a state folder that is not safe
 */
export const createServer = (options: WorkspaceServerOptions): Promise<DeskhandServer> =>
  openServer(workspace, options);
