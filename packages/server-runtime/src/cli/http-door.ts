import type { HttpService } from '../http/http-service.ts';
import { openTokenStore, type TokenStore } from '../http/token-store.ts';
import type { Log } from '../log.ts';
import type { DoorOptions } from './door-options.ts';
import type { OpenHouse, Program } from './house.ts';

export interface HttpDoorOptions {
  readonly program: Program;
  readonly house: OpenHouse;
  /** Where the tokens are. */
  readonly folder: string;
  readonly options: DoorOptions;
  readonly listenFd?: number | undefined;
  readonly log: Log;
}

/** The tokens of a server, and the file in which its owner finds the first one. */
export const tokensOf = (program: Program, folder: string): { store: TokenStore; ownerFile: string } => ({
  store: openTokenStore({ folder, name: program.config.name }),
  ownerFile: `${folder}/${program.config.name}.token`,
});

/** Opens the HTTP door of a house; it is ready while all checks of the surface succeed. */
export function openHttpDoor({
  program,
  house,
  folder,
  options,
  listenFd,
  log,
}: HttpDoorOptions): Promise<HttpService> {
  const { host, port, allowRemote, allowedHost: allowedHosts } = options;
  const { name, version } = program.config;
  const { store: tokens } = tokensOf(program, folder);
  return house.serve({
    tokens,
    name,
    version,
    host,
    port,
    allowRemote,
    allowedHosts,
    log,
    ...(listenFd !== undefined && { listenFd }),
    async ready(signal) {
      for (const check of house.checks) await check.run(signal);
    },
  });
}
