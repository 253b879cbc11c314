import {
  createLog,
  openLedgerSink,
  Sessions,
  type DeskhandServer,
  type House,
  type Log,
} from '@deskhand/server-runtime';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { z } from 'zod';
import { config } from './config.ts';
import { workspace } from './server.ts';

/** Options of the command line by their names in camelCase, and where the server lives. */
export type WorkspaceServerOptions = Omit<z.input<typeof config.schema>, 'home'> & {
  /** Folder of all state: grants, checkpoints, the record of calls. */
  readonly home: string;
  /** What a channel to the person needs, mostly `process.env`. */
  readonly env: House['env'];
  /** Default: nothing is logged. */
  readonly log?: Log;
};

/**
 * The workspace server within this process; its `connect` takes transports of the protocol's SDK. The sandbox starts at
 * the first call that needs it and ends with `close`.
 *
 * @throws ZodError, ConfigError for options that cannot work
 */
export async function createServer({
  env,
  log = createLog({ level: 'silent', write: () => undefined }),
  ...given
}: WorkspaceServerOptions): Promise<DeskhandServer> {
  const options = config.schema.parse(given);
  const { tools, readOnly, record: recording, rateLimit: perMinute, approvals } = options;
  const { home } = given;
  const session = options.session ?? randomUUID();
  const surface = await workspace.open(options, { home, log, env });
  const audit = openLedgerSink({ folder: join(home, 'ledger'), surface: config.name, session, recording });
  const sessions = new Sessions({
    ...{ definition: workspace, surface, audit, log, approvals },
    ...{ selection: { tools, readOnly }, limits: { perMinute } },
  });
  const server = sessions.server({ id: session, actor: 'library' });
  return {
    name: server.name,
    version: server.version,
    get tools() {
      return server.tools;
    },
    changes: server.changes,
    instance: (context) => server.instance(context),
    connect: (transport) => server.connect(transport),
    async close() {
      await sessions.close();
      await surface.close();
      audit.close();
    },
  };
}
