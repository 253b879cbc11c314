import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** Where the browser of the person comes back to after a login. */
export interface Redirect {
  readonly url: string;
  /** Nobody who does not know it can bring a code. */
  readonly state: string;
  readonly answer: Promise<{ readonly code: string; readonly iss: string | null }>;
  close(): void;
}

type Answer = Awaited<Redirect['answer']>;

/** Waits on a free port of the loopback. */
export async function openRedirect(signal: AbortSignal): Promise<Redirect> {
  const state = randomBytes(24).toString('base64url');
  const server = createServer();
  const answer = new Promise<Answer>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('it was given up')), { once: true });
    server.on('request', (request, response) => {
      const { pathname, searchParams: said } = new URL(request.url ?? '/', 'http://127.0.0.1');
      const isMeant = request.method === 'GET' && pathname === '/callback' && said.get('state') === state;
      const headers = { 'content-type': 'text/plain; charset=utf-8', connection: 'close' };
      response.writeHead(isMeant ? 200 : 404, headers);
      response.end(isMeant ? 'You can close this page and go back to the terminal.\n' : 'Nothing is here.\n');
      if (!isMeant) return;
      const code = said.get('code');
      if (code !== null) resolve({ code, iss: said.get('iss') });
      else reject(new Error(`the server said ${JSON.stringify((said.get('error') ?? '').slice(0, 200))}`));
    });
  });
  answer.catch(() => undefined); // whoever waits for it hears of it
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('there is no port');
  return {
    url: `http://127.0.0.1:${at.port}/callback`,
    state,
    answer,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
