import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { Closable } from '../lab/belongings.ts';

/** Passes every request on as it is, with a bearer token: for clients that cannot send one. */
export interface AuthorizedDoor extends Closable {
  readonly port: number;
  /** Must be called before the first request. */
  leadTo(url: string, token: string): void;
}

export async function openAuthorizedDoor(): Promise<AuthorizedDoor> {
  let target = new URL('http://127.0.0.1');
  let authorization = '';
  const server = createServer((incoming, answer) => {
    const { method, url: path, headers } = incoming;
    const { hostname, port } = target;
    const passed = request(
      { hostname, port, method, path, headers: { ...headers, authorization } },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      },
    );
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the door has no port');
  return {
    port: address.port,
    leadTo(url, token) {
      target = new URL(url);
      authorization = `Bearer ${token}`;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
