import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { closeHouse, openHouse, programOf, standardOf } from './cli/house.ts';
import { optionsGiven } from './config/parse-config.ts';
import { createLog, type Log } from './log.ts';
import type { DeskhandServer } from './mcp/create-server.ts';
import type { House, ServerDefinition } from './server-definition.ts';

/** Options of the command line by their names in camelCase, and where the server lives. */
export type OpenServerOptions<S extends z.ZodObject> = Omit<z.input<S>, 'home'> & {
  /** Folder of all state: grants, the record of calls, what the server itself keeps. */
  readonly home: string;
  /** What the server and the channels to the person need of the environment, mostly `process.env`. */
  readonly env: House['env'];
  /** Default: nothing is logged. */
  readonly log?: Log;
};

/**
 * A server within this process, with one session; its `connect` takes transports of the protocol's SDK.
 *
 * @throws ConfigError for options that cannot work; GrantsError for a state folder that is not safe
 */
export async function openServer<S extends z.ZodObject>(
  definition: ServerDefinition<S>,
  { env, log = createLog({ level: 'silent', write: () => undefined }), ...options }: OpenServerOptions<S>,
): Promise<DeskhandServer> {
  const given = optionsGiven(definition.config, options);
  const session = standardOf(given).session ?? randomUUID();
  const host = { env, platform: process.platform };
  const house = await openHouse({ program: programOf(definition), given, host, log, session });
  const server = house.sessions.server({ id: session, actor: 'library' });
  return {
    name: server.name,
    version: server.version,
    get tools() {
      return server.tools;
    },
    changes: server.changes,
    instance: (context) => server.instance(context),
    connect: (transport) => server.connect(transport),
    close: () => closeHouse(house.close, log),
  };
}
