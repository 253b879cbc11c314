import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

import type { Closable } from './belongings.ts';

export interface WebPage extends Closable {
  readonly url: string;
}

/** Serves one page on the loopback interface. */
export const serveWebPage = (html: string): Promise<WebPage> =>
  serveOnLoopback((_, reply) => reply.setHeader('content-type', 'text/html').end(html));

/** A web server that only this machine reaches. */
export async function serveOnLoopback(listener: RequestListener): Promise<WebPage> {
  const server = createServer(listener);
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
