import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import { serveOnLoopback, type WebPage } from '../../lab/web-page.ts';

/** A web shop of this machine that shows its prices to customers. */
export interface Shop extends WebPage {
  /** Methods and paths that were asked for, in order. */
  readonly visits: readonly string[];
}

export const CUSTOMER = { name: 'ada', password: 'correct horse' } as const;

/** Cents, by article. */
export const PRICES: Readonly<Record<string, number>> = {
  'A-17': 1_250,
  'A-42': 399,
  'B-03': 8_900,
  'C-11': 75,
  'C-12': 140,
};

const SESSION = 'session=of-ada';

const STYLE = `body { font: 15px/1.5 sans-serif; margin: 24px 32px; color: #1c2430 }
h1 { font-size: 20px } label { display: block; margin: 8px 0 } input { font: inherit; padding: 4px 8px }
button { font: inherit; padding: 4px 14px; margin-top: 8px }
table { border-collapse: collapse } td, th { padding: 4px 18px 4px 0; border-bottom: 1px solid #d5dae1; text-align: left }`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">
<style>${STYLE}</style><h1>${title}</h1>${body}</html>`;

const LOGIN = page(
  'Wholesale, sign in',
  `<form method="post" action="/login">
<label>Customer <input name="name" autocomplete="off"></label>
<label>Password <input name="password" type="password"></label>
<button>Sign in</button></form>`,
);

const row = ([article, cents]: readonly [string, number]): string =>
  `<tr><td>${article}</td><td>${(cents / 100).toFixed(2)} EUR</td></tr>`;

const PRICE_LIST = page(
  'Wholesale, prices',
  `<button id="show">Show prices</button><div id="list" hidden><table><thead><tr><th>Article</th><th>Price</th></tr></thead>
<tbody>${Object.entries(PRICES).map(row).join('')}</tbody></table></div>
<script>document.getElementById('show').onclick = () => {
  if (confirm('Prices are without tax and hold for today. Go on?')) document.getElementById('list').hidden = false;
};</script>`,
);

const REFUSED = page('Wholesale, sign in', '<p role="alert">No such customer, or another password.</p>');

async function serve(request: IncomingMessage, reply: ServerResponse): Promise<void> {
  if (request.method === 'POST' && request.url === '/login') {
    const form = new URLSearchParams(await text(request));
    if (form.get('name') === CUSTOMER.name && form.get('password') === CUSTOMER.password) {
      const headers = { location: '/prices', 'set-cookie': `${SESSION}; HttpOnly; SameSite=Strict` };
      reply.writeHead(303, headers).end();
      return;
    }
  }
  const [status, html] = pageFor(request);
  reply.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(html);
}

function pageFor({ url, headers }: IncomingMessage): readonly [status: number, html: string] {
  if (url === '/') return [200, LOGIN];
  if (url === '/prices' && headers.cookie?.includes(SESSION) === true) return [200, PRICE_LIST];
  return [403, REFUSED];
}

export async function openShop(): Promise<Shop> {
  const visits: string[] = [];
  const server = await serveOnLoopback((request, reply) => {
    visits.push(`${request.method ?? ''} ${request.url ?? ''}`);
    serve(request, reply).catch((cause: unknown) => reply.destroy(new Error('the shop broke', { cause })));
  });
  return { ...server, visits };
}
