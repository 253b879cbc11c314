import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Pages of a test by their paths: HTML, or what answers a request. */
export type Pages = Readonly<Record<string, string | Answer>>;

export interface Site {
  /** Such as `http://127.0.0.1:45678`, without a slash at the end. */
  readonly origin: string;
  /** The same server under another name, so that its frames are in another process. */
  readonly otherOrigin: string;
  close(): Promise<void>;
}

/** A server on this machine for the pages of a test. */
export async function openSite(pages: Pages): Promise<Site> {
  const server = createServer((request, response) => {
    const page = pages[new URL(request.url ?? '/', 'http://localhost').pathname];
    if (page === undefined) response.writeHead(404).end('<title>Not here</title>');
    else if (typeof page === 'function') page(response, request);
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = portOf(server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    otherOrigin: `http://localhost:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function portOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address;
}
