import type { Rule } from '@deskhand/grants';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import { EgressProxy } from '../../src/egress/egress-proxy.ts';
import { OriginRules } from '../../src/egress/origin-rules.ts';

/** Names that lead somewhere only here. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1'],
  'shop.test': ['127.0.0.1'],
  'other.test': ['127.0.0.1'],
  'rebind.example': ['127.0.0.1'],
};

let rules: Rule[];
let refused: string[];
let proxy: EgressProxy;
let stops: (() => void)[];
beforeEach(async () => {
  rules = [];
  refused = [];
  stops = [];
  proxy = await EgressProxy.start({
    rules: new OriginRules({ rules: () => rules, isListOnly: false }),
    resolve: (host) => Promise.resolve(NAMES[host] ?? []),
    onRefusal: ({ host }, { code }) => refused.push(`${host} ${code}`),
  });
});
afterEach(async () => {
  await proxy.close();
  for (const stop of stops) stop();
});

const allow = (pattern: string): void => {
  rules.push({ resource: { kind: 'origin', pattern }, decision: 'allow' });
};

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => server.close());
  return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  return address.port;
}

const echo = (): Promise<number> => listening(createTcpServer((socket) => socket.pipe(socket)));

const request = (host: string, port: number): Buffer =>
  Buffer.concat([
    Buffer.from([5, 1, 0, 3, host.length]),
    Buffer.from(host),
    Buffer.from([port >> 8, port & 255]),
  ]);

/** Says the bytes one piece after the other, and gives what comes back until nothing more does. */
async function converse(pieces: readonly Buffer[], to = proxy): Promise<Buffer> {
  const socket = connect({ port: to.port, host: '127.0.0.1', allowHalfOpen: true });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined); // its end is what counts
  await once(socket, 'connect');
  for (const piece of pieces) {
    if (piece.length > 0) socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  await closed;
  return Buffer.concat(chunks);
}

/** A connection that goes on, to something that says what it hears. */
function tunnel(port: number) {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' });
  socket.on('error', () => undefined); // its end is what counts
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(Buffer.concat([GREETING, request('shop.test', port)]));
  const says = async (letter: string): Promise<void> => {
    const heard = new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        if (chunk.includes(letter)) resolve();
      });
    });
    socket.write(letter);
    await heard;
  };
  return { socket, closed, says };
}

const GREETING = Buffer.from([5, 1, 0]);
const WELCOME = '0500';
const replied = (code: number): string => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]).toString('hex');

describe('a client', () => {
  test('reaches what is allowed, however its words are cut', async () => {
    const port = await echo();
    allow(`http://shop.test:${port}`);
    const words = Buffer.concat([GREETING, request('shop.test', port), Buffer.from('hello')]);
    const whole = `${WELCOME}${replied(0)}${Buffer.from('hello').toString('hex')}`;
    expect((await converse([words])).toString('hex')).toBe(whole);
    expect((await converse(Array.from(words, (byte) => Buffer.from([byte])))).toString('hex')).toBe(whole);
    expect(refused).toEqual([]);
  });

  test.each([
    ['what nobody allowed', '127.0.0.1', 'private_origin'],
    ['it by another spelling', '0x7f.1', 'private_origin'],
    ['it by a public name', 'rebind.example', 'private_address'],
  ])('does not reach %s', async (_what, host, code) => {
    const port = await echo();
    expect((await converse([GREETING, request(host, port), Buffer.from('hello')])).toString('hex')).toBe(
      `${WELCOME}${replied(2)}`,
    );
    expect(refused).toEqual([`${host === '0x7f.1' ? '127.0.0.1' : host} ${code}`]);
  });

  test('loses a connection that is not allowed any more, and keeps the others', async () => {
    const [kept, lost] = await Promise.all([echo(), echo()]);
    for (const port of [kept, lost]) allow(`http://shop.test:${port}`);
    const [open, closing] = [tunnel(kept), tunnel(lost)];
    await Promise.all([open.says('a'), closing.says('b')]);
    rules = rules.slice(0, 1);
    proxy.review();
    await closing.closed;
    await open.says('c');
    open.socket.destroy();
  });

  test.each([
    ['is not kept', true, replied(2)],
    ['that was not revoked is kept', false, replied(0)],
  ])('whose allowance is revoked while the connection is dialled: it %s', async (_what, isRevoked, reply) => {
    const port = await echo();
    allow(`http://shop.test:${port}`);
    const held = new OriginRules({ rules: () => rules, isListOnly: false });
    const told: string[] = [];
    const slow = await EgressProxy.start({
      rules: {
        judge: (endpoint) => held.judge(endpoint),
        judgeAddresses: (endpoint, addresses) => {
          const verdict = held.judgeAddresses(endpoint, addresses);
          // after the judgement, and before the connection can be there
          queueMicrotask(() => {
            if (isRevoked) rules = [];
            slow.review();
          });
          return verdict;
        },
      },
      resolve: () => Promise.resolve(['127.0.0.1']),
      onRefusal: ({ host }, { code }) => told.push(`${host} ${code}`),
    });
    try {
      const words = Buffer.concat([GREETING, request('shop.test', port), Buffer.from('hello')]);
      const said = isRevoked ? '' : Buffer.from('hello').toString('hex');
      expect((await converse([words], slow)).toString('hex')).toBe(`${WELCOME}${reply}${said}`);
      expect(told).toEqual(isRevoked ? ['shop.test private_address'] : []);
    } finally {
      await slow.close();
    }
  });

  test('is told of a name that leads nowhere and of a port that is closed', async () => {
    allow('http://shop.test:*');
    const nowhere = await converse([GREETING, request('nowhere.example', 80)]);
    expect(nowhere.toString('hex')).toBe(`${WELCOME}${replied(4)}`);
    const closed = await converse([GREETING, request('shop.test', 1)]);
    expect(closed.toString('hex')).toBe(`${WELCOME}${replied(5)}`);
  });

  test.each([
    ['another protocol', Buffer.from('GET http://127.0.0.1/ HTTP/1.1\r\n\r\n')],
    ['no end', Buffer.alloc(100_000, 5)],
    ['nothing', Buffer.alloc(0)],
  ])('that speaks %s is cut off, and others are served', async (_what, bytes) => {
    expect((await converse([bytes])).toString('hex')).not.toContain(replied(0));
    const port = await echo();
    allow(`http://shop.test:${port}`);
    expect((await converse([GREETING, request('shop.test', port)])).toString('hex')).toBe(
      `${WELCOME}${replied(0)}`,
    );
  });
});

const inScript = (text: string): string => `<script>${text}</script>`;

/** Every way out of a page, to another origin. */
const waysOut = (there: string, udp: number): string => `<!doctype html><title>ways</title>
  <link rel=prefetch href="${there}/prefetch"><link rel=preconnect href="${there}">
  <link rel=stylesheet href="${there}/style"><link rel=icon href="${there}/icon">
  <img src="${there}/image"><iframe src="${there}/frame"></iframe><object data="${there}/object"></object>
  <iframe src="/redirect"></iframe><video src="${there}/video"></video><script src="${there}/script"></script>
  <form id=f action="${there}/form" target=nowhere method=post></form><iframe name=nowhere></iframe>
  <script type=speculationrules>{"prefetch":[{"source":"list","urls":["${there}/speculated"]}]}</script>
  ${inScript(`
    const there = ${JSON.stringify(there)};
    const tries = [
      () => fetch(there + '/fetch', { mode: 'no-cors' }),
      () => fetch('/redirect'),
      () => navigator.sendBeacon(there + '/beacon', 'x'),
      () => new EventSource(there + '/events'),
      () => new WebSocket(there.replace('http', 'ws') + '/socket'),
      () => document.getElementById('f').submit(),
      () => new Worker('/worker.js'),
      () => new SharedWorker('/worker.js'),
      () => navigator.serviceWorker?.register('/worker.js'),
      () => fetch(there + '/kept', { keepalive: true, mode: 'no-cors' }),
      () => import(there + '/module.js'),
      () => window.open(there + '/popup'),
      () => new WebTransport(there.replace('http:', 'https:') + '/transport'),
      () => {
        const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${udp}' }] });
        peer.createDataChannel('x');
        return peer.createOffer().then((offer) => peer.setLocalDescription(offer));
      },
    ];
    for (const attempt of tries) try { Promise.resolve(attempt()).catch(() => {}) } catch {}
    // what goes out late, such as beacons and prefetches, has gone by then
    addEventListener('load', () => setTimeout(() => fetch('/done'), 2000));
  `)}`;

/** Opens the page in a browser that has no other way out than the proxy, until the page is done. */
async function browse(url: string, isDone: Promise<unknown>): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'chrome-mcp-egress-'));
  onTestFinished(() => rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const browser = spawn(
    'chromium',
    [
      ...[
        '--headless=new',
        '--no-first-run',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-breakpad',
      ],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${profile}`,
      ...proxy.browserFlags,
      url,
    ],
    { stdio: 'ignore', detached: true },
  );
  const exited = once(browser, 'exit');
  try {
    await Promise.race([isDone, exited]);
  } finally {
    if (browser.pid !== undefined) process.kill(-browser.pid, 'SIGKILL');
    await exited;
  }
}

describe('a browser', () => {
  test('has no way to what nobody allowed, and every way to what somebody did', async () => {
    const hits: string[] = [];
    const note = ({ url = '' }: IncomingMessage, response: ServerResponse): void => {
      hits.push(url);
      response.setHeader('access-control-allow-origin', '*').end();
    };
    const forbidden = createServer(note);
    forbidden.on('upgrade', ({ url = '' }: IncomingMessage, socket) => {
      hits.push(url);
      socket.destroy();
    });
    const there = `http://other.test:${await listening(forbidden)}`;
    const udp = createSocket('udp4', () => hits.push('udp'));
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    stops.push(() => udp.close());
    const worker = `fetch(${JSON.stringify(`${there}/worker`)}, { mode: 'no-cors' }).catch(() => {});
      try { new WebSocket(${JSON.stringify(`${there.replace('http', 'ws')}/worker-socket`)}) } catch {}`;
    const done = new EventEmitter();
    const shop = createServer(({ url }, response) => {
      if (url === '/done') response.end(() => done.emit('done'));
      else if (url === '/redirect') response.writeHead(302, { location: `${there}/redirected` }).end();
      else if (url === '/worker.js') response.setHeader('content-type', 'text/javascript').end(worker);
      else response.setHeader('content-type', 'text/html').end(waysOut(there, udp.address().port));
    });
    const home = `http://localhost:${await listening(shop)}`;
    allow(home);

    await browse(home, once(done, 'done'));
    expect(hits).toEqual([]);
    // the browser itself looks there for who is signed in
    const byPages = refused.filter((line) => !line.startsWith('accounts.google.com '));
    expect(new Set(byPages)).toEqual(new Set(['other.test private_address']));

    allow('http://other.test:*');
    const ways = [
      ...['/image', '/frame', '/fetch', '/redirected', '/beacon', '/kept', '/script', '/module.js'],
      ...['/socket', '/worker', '/worker-socket', '/events'],
    ];
    const taken = expect.poll(() => hits, { timeout: 60_000 }).toEqual(expect.arrayContaining(ways));
    await browse(home, Promise.all([once(done, 'done'), taken]));
    await taken;
    expect(hits).not.toContain('udp');
  });
});
