import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { QUIET } from '../lab/browser.ts';
import { openServer, type LabClient, type ServerLab } from '../lab/server.ts';
import { answerWay, LOOKED_UP, TAKEN, waysOut } from './ways-out.ts';

/** Hears whoever comes, whatever they say. */
interface Witness {
  readonly port: number;
  readonly paths: Set<string>;
  connections: number;
}

let witness: Witness;
let servers: Server[];
let udp: UdpSocket;
const datagrams: string[] = [];
const turn = createTcpServer((socket) => {
  datagrams.push('turn');
  socket.destroy();
});

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return { server, port: portOf(server.address()) };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  return address.port;
}

let there = '';
let home: string;
let isDone = false;
let folder: string;
beforeAll(async () => {
  servers = [];
  folder = await mkdtemp(join(tmpdir(), 'deskhand-leaks-'));
  const paths = new Set<string>();
  const { server, port } = await listen(({ url = '' }, response) => {
    paths.add(url.slice(1));
    response.setHeader('access-control-allow-origin', '*').end();
  });
  witness = { port, paths, connections: 0 };
  server.on('connection', () => (witness.connections += 1));
  server.on('upgrade', ({ url = '' }: IncomingMessage, socket) => {
    paths.add(url.slice(1));
    socket.destroy();
  });
  udp = createSocket('udp4', () => datagrams.push('udp'));
  udp.bind(0, '127.0.0.1');
  turn.listen(0, '127.0.0.1');
  await Promise.all([once(udp, 'listening'), once(turn, 'listening')]);
  const ports = { udp: udp.address().port, tcp: portOf(turn.address()) };
  const page = await listen(({ url = '/' }, response) => {
    if (url === '/done') isDone = true;
    if (answerWay(url, there, response)) return;
    response.setHeader(
      'content-security-policy-report-only',
      `img-src 'none'; report-uri ${there}/csp-report`,
    );
    response.setHeader('content-type', 'text/html').end(url === '/' ? waysOut(there, ports) : '');
  });
  home = `http://127.0.0.1:${page.port}`;
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  udp.close();
  turn.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opens a page that takes every way to the host, until it has taken them all. */
async function take(client: LabClient, host: string): Promise<void> {
  there = `http://${host}:${witness.port}`;
  witness.paths.clear();
  witness.connections = 0;
  isDone = false;
  expect((await client.call('navigate', { url: home })).code).toBe(null);
  const { text } = await client.call('find', { role: 'button' });
  // a window needs that a person does something
  await client.call('click', { ref: /\be\d+\b/.exec(text)?.[0] });
  await vi.waitUntil(() => isDone, { timeout: 40_000, interval: 100 });
}

/** Names that the browser looked up by itself. */
async function lookedUp(netLog: string): Promise<readonly string[]> {
  const text = await readFile(netLog, 'utf8');
  expect(text).toContain(home);
  return [LOOKED_UP].filter((name) => new RegExp(`"(?:host|hostname)":"[^"]*${name}`).test(text));
}

describe('a page that takes every way out', () => {
  let lab: ServerLab;
  let netLog: string;
  beforeAll(async () => {
    netLog = join(folder, 'refused.json');
    lab = await openServer({
      person: () => 'always',
      options: { allowOrigin: [home, 'public'], chromeArg: [...QUIET, `--log-net-log=${netLog}`] },
    });
  });
  afterAll(() => lab.close());

  test.each(['127.0.0.1', 'localhost', '0.0.0.0', '[::ffff:127.0.0.1]', 'x.localhost'])(
    'reaches nothing at %s when nobody allowed it, and has nobody asked',
    async (host) => {
      await take(lab.client(`at ${host}`), host);
      expect([...witness.paths]).toEqual([]);
      expect(witness.connections).toBe(0);
      expect(datagrams).toEqual([]);
      expect(lab.questions).toEqual([]);
    },
  );

  test('has no name looked up', async () => {
    await lab.close();
    expect(await lookedUp(netLog)).toEqual([]);
  });

  test('takes all ways when somebody allowed it, but those that no proxy sees', async () => {
    const host = `http://localhost:${witness.port}`;
    const open = await openServer({ options: { allowOrigin: [home, host] } });
    try {
      await take(open.client('s'), 'localhost');
      const missing = (): readonly string[] => TAKEN.filter((way) => !witness.paths.has(way));
      await vi.waitUntil(() => missing().length === 0, { timeout: 20_000 }).catch(() => undefined);
      expect(missing()).toEqual([]);
      expect(datagrams).toEqual([]);
    } finally {
      await open.close();
    }
  });
});
