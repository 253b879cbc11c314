import { once } from 'node:events';
import { createServer } from 'node:http';

import type { Closable } from './belongings.ts';

export interface WebPage extends Closable {
  readonly url: string;
}

/** Serves one page on the loopback interface. */
export async function serveWebPage(html: string): Promise<WebPage> {
  const server = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end(html));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: async () => {
      const closed = once(server, 'close');
      server.closeAllConnections();
      server.close();
      await closed;
    },
  };
}
