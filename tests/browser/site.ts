import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Closable } from '../lab/belongings.ts';

/** A page: HTML, or what answers a request; `origin` is of the site under its other name. */
export type Page = string | ((response: ServerResponse, request: IncomingMessage) => void);

/** Pages by their paths within their folder. */
export type Pages = Readonly<Record<string, Page>>;

/** Pages that tell what happens to them, to somebody outside of the browser. */
export interface Site extends Closable {
  /** Such as `http://127.0.0.1:45678`, without a slash at the end. */
  readonly origin: string;
  /** Puts pages into a folder of their own, and gives its address. */
  put(folder: string, pages: Pages): string;
  /** What the pages of a folder told, in order. */
  told(folder: string): readonly string[];
  forget(folder: string): void;
}

/** Waits until it arrived, so that words come in order and before the answer of whoever caused them. */
const TELL = `<script>var tell = (...words) => {
  const request = new XMLHttpRequest();
  request.open('POST', '/tell' + location.pathname, false);
  try { request.send(words.join(' ')); } catch {}
};</script>`;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) if (part instanceof Buffer) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** `{here}` stands for the folder, and `{there}` for the same one under another name and so in another process. */
const written = (html: string, folder: string, port: number): string =>
  `<!doctype html><meta charset=utf-8>${TELL}${html}`
    .replaceAll('{here}', `/${folder}`)
    .replaceAll('{there}', `http://localhost:${port}/${folder}`)
    .replaceAll('{home}', `http://127.0.0.1:${port}/${folder}`);

/** A server on this machine. */
export async function openSite(): Promise<Site> {
  const folders = new Map<string, Pages>();
  const words = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const [, first = '', second = '', ...rest] = new URL(
      request.url ?? '/',
      'http://localhost',
    ).pathname.split('/');
    if (first === 'tell') {
      void bodyOf(request).then((text) => {
        words.set(second, [...(words.get(second) ?? []), text]);
        response.end();
      });
      return;
    }
    const page = folders.get(first)?.[[second, ...rest].join('/')];
    if (page === undefined)
      response.writeHead(404, { 'content-type': 'text/html' }).end('<title>Not here</title>');
    else if (typeof page === 'function') page(response, request);
    else response.writeHead(200, { 'content-type': 'text/html' }).end(written(page, first, port));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    put: (folder, pages) => {
      folders.set(folder, pages);
      words.delete(folder);
      return `${origin}/${folder}/`;
    },
    told: (folder) => words.get(folder) ?? [],
    forget: (folder) => void words.delete(folder),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
