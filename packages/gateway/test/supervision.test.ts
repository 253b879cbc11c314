import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import type { GatewayServer } from '../src/index.ts';
import {
  eventually,
  fixtureServer,
  isAlive,
  linesOf,
  opened,
  temporaryFolder,
  wordsOf,
} from './fixtures/opened.ts';

const answer = { kind: 'allow', scope: 'session' } as const;

/** A server whose calls may take as long as is said when they are made. */
function timed(args: readonly string[] = []) {
  const limit = { ms: 60_000 };
  const server: GatewayServer = {
    ...fixtureServer('files', { args }),
    get timeoutMs() {
      return limit.ms;
    },
  };
  return { server, limit };
}

test('after kill -9 the next call waits for the restart, and the new life answers', async () => {
  const { call, gateway, events } = await opened([fixtureServer('files')], { answer });
  const first = Number(wordsOf(await call('files__pid')));
  process.kill(first, 'SIGKILL');
  const second = Number(wordsOf(await call('files__pid')));
  expect(second).not.toBe(first);
  expect(gateway.servers()).toMatchObject([{ state: 'ready', generation: 2 }]);
  const states = events.flatMap((event) => (event.kind === 'server' ? [event.status.state] : []));
  expect(states).toEqual(['degraded', 'starting', 'ready']);
});

test('a server that never gets ready is given up in time, however much garbage is collected until then', async () => {
  setFlagsFromString('--expose-gc');
  const collecting = setInterval(() => void runInNewContext('gc()'), 20);
  onTestFinished(() => clearInterval(collecting));
  const reached = { kind: 'stdio', command: 'sleep', args: ['300'], env: {} } as const;
  const { gateway } = await opened([fixtureServer('silent', { reached, startupMs: 1_000 })]);
  await expect.poll(() => gateway.servers()[0]?.problem).toContain('it was not ready after 1 s');
});

test('a server that dies during a call fails it at once, and is started again', async () => {
  const { call, rows } = await opened([fixtureServer('files')], { answer });
  expect(await call('files__crash')).toMatchObject({
    code: 'server_died',
    isError: true,
    decision: 'allowed',
  });
  expect(rows().at(-1)).toMatchObject({ phase: 'outcome', decision: { code: 'server_died' } });
  expect(wordsOf(await call('files__echo', { text: 'again' }))).toBe('again');
});

test('a call that could not be sent is made in the next life, even if it has effects', async () => {
  const record = join(temporaryFolder(), 'record');
  const { call, gateway } = await opened([fixtureServer('files', { args: ['--record', record] })], {
    answer,
  });
  await call('files__deaf');
  await eventually(() => linesOf(record).includes('closed'));
  expect(wordsOf(await call('files__effect'))).toBe('done');
  expect(linesOf(record).filter((line) => line === 'effect')).toEqual(['effect']);
  expect(gateway.servers()).toMatchObject([{ generation: 2 }]);
});

test('a call that takes too long is told to stop; the server stays if it still answers', async () => {
  const record = join(temporaryFolder(), 'record');
  const { server, limit } = timed(['--record', record]);
  const { call, gateway } = await opened([server], { answer });
  limit.ms = 1_000;
  expect(await call('files__wait')).toMatchObject({ code: 'timeout', isError: true });
  limit.ms = 60_000;
  await expect.poll(() => linesOf(record)).toContain('cancelled');
  expect(wordsOf(await call('files__echo', { text: 'there' }))).toBe('there');
  expect(gateway.servers()).toMatchObject([{ generation: 1 }]);
});

test('a server that hangs altogether is cut off at the deadline and started again', async () => {
  const { server, limit } = timed();
  const { call, gateway } = await opened([server], { answer });
  limit.ms = 1_000;
  expect(await call('files__block')).toMatchObject({ code: 'timeout', isError: true });
  limit.ms = 60_000;
  await eventually(() => gateway.servers()[0]?.generation === 2);
  expect(wordsOf(await call('files__echo', { text: 'new' }))).toBe('new');
});

test('a server that cannot be started says why, and others are not held up', async () => {
  const missing = fixtureServer('missing', {
    reached: { kind: 'stdio', command: '/nowhere/server', args: [], env: {} },
  });
  const { call, gateway, home } = await opened([missing, fixtureServer('files')], { answer });
  expect(wordsOf(await call('files__echo', { text: 'here' }))).toBe('here');
  const [status] = gateway.servers();
  expect(status?.problem).toContain('the command /nowhere/server is not there or cannot be run');
  expect(status?.problem).toContain(join(home, 'logs', 'mcp-missing.log'));
  expect(status?.retry).toMatch(/^it is started again (?:now|in \d+(?:\.\d+)? s)$/);
  expect(wordsOf(await call('missing__echo', { text: 'here' }))).toMatch(
    /cannot be run.*; it is started again/,
  );
  await expect.poll(() => linesOf(join(home, 'logs', 'mcp-files.log'))).toContain('a line of its own');
});

test('a server that wants to know who one is waits for a person', async () => {
  const http = createServer((_request, response) => response.writeHead(401).end());
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const address = http.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const reached = { kind: 'http', url: `http://127.0.0.1:${port ?? 0}/mcp`, headers: {} } as const;
  try {
    const { gateway } = await opened([fixtureServer('closed', { reached })], { answer });
    await eventually(() => gateway.servers()[0]?.state === 'needs-auth');
    expect(gateway.servers()[0]?.problem).toContain('deskhand mcp login closed');
  } finally {
    http.close();
  }
});

test('what a server started ends with it and with the gateway', async () => {
  const record = join(temporaryFolder(), 'record');
  const { gateway, call } = await opened(
    [fixtureServer('files', { args: ['--record', record, '--litter'] })],
    {
      answer,
    },
  );
  const pids = (): number[] =>
    linesOf(record).flatMap((line) => (/^(?:child|started) /.test(line) ? [Number(line.split(' ')[1])] : []));
  await call('files__crash');
  await call('files__echo', { text: 'again' });
  // a process that was killed is there until the kernel has it run once more
  await expect.poll(() => pids().filter(isAlive)).toHaveLength(2);
  await gateway.close();
  await expect.poll(() => pids().filter(isAlive)).toEqual([]);
  expect(gateway.servers()).toMatchObject([{ state: 'stopped' }]);
});

test('a tool that comes later is found, and the list stays as it was', async () => {
  const { call, gateway } = await opened([fixtureServer('files')], { answer });
  const before = JSON.stringify(gateway.tools());
  await call('files__grow');
  await eventually(() => gateway.servers()[0]?.tools === 14);
  expect(wordsOf(await call('find_tools', { query: 'painting a wall' }))).toContain('files__newcomer()');
  expect(wordsOf(await call('call_tool', { name: 'files__newcomer', arguments: {} }))).toBe('hello');
  expect(JSON.stringify(gateway.tools())).toBe(before);
});
