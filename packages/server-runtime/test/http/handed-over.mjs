import { z } from 'zod';
import { createLog, defineConfig, defineTool, openTokenStore, serveHttp } from '../../dist/index.js';
import { Sessions } from '../../dist/sessions.js';

/** Serves on the TCP socket at file descriptor 3 and says its address and token. */
const log = createLog({ level: 'error', write: (line) => process.stderr.write(line) });
const tokens = openTokenStore({ folder: process.argv[2], name: 'fixture' });
const nothing = defineTool({
  name: 'nothing',
  title: 'Nothing',
  description: 'Does nothing.',
  input: z.object({}),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  run: () => Promise.resolve({ text: 'nothing' }),
});
const sessions = new Sessions({
  definition: { config: defineConfig(z.object({}), { name: 'fixture', version: '1.2.3', description: '' }) },
  surface: {
    session: () => ({ tools: [nothing], permission: () => ({ allowed: true }) }),
    close: () => undefined,
  },
  selection: { readOnly: false },
  audit: { append: () => undefined },
  log,
});
const service = await serveHttp({
  sessions,
  tokens,
  name: 'fixture',
  version: '1.2.3',
  host: '127.0.0.1',
  port: 0,
  listenFd: 3,
  log,
  ready: () => Promise.resolve(),
});
process.stdout.write(JSON.stringify({ url: service.url, owner: await tokens.owner() }));
