import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { gate, simpleTool } from '../fixtures.ts';
import { calling2025, honest, initialize, post, rawSession, served } from './fixtures.ts';

async function everythingFrom(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

test('a body over the limit is refused, one under it is not', async () => {
  const { service, owner } = await served({ limits: { bodyBytes: 10_000 } });
  const session = await rawSession(service.url, owner);
  const say = (length: number): Promise<Response> =>
    post(service.url, session, calling2025(2, 'echo', { text: 'x'.repeat(length) }));
  expect((await say(9_000)).status).toBe(200);
  const refused = await say(10_000);
  expect(refused.status).toBe(413);
  expect(await refused.json()).toMatchObject({ error: { message: 'The body is larger than 10000 bytes' } });
});

test('a body that hides its size is read no further than the limit', async () => {
  const { service, owner } = await served({ limits: { bodyBytes: 10_000 } });
  const body = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 50; i += 1) controller.enqueue(new Uint8Array(1_000).fill(32));
      controller.close();
    },
  });
  const init = { method: 'POST', headers: honest(owner), body, duplex: 'half' } as const;
  expect((await fetch(service.url, init)).status).toBe(413);
});

test('a client that dawdles over its headers or its body is let go, while others are served', async () => {
  const { service, owner } = await served({ limits: { headersMs: 200, requestMs: 400 } });
  const { host } = new URL(service.url);
  const slowHeaders = everythingFrom(service.url, `POST /mcp HTTP/1.1\r\nHost: ${host}\r\n`);
  const slowBody = everythingFrom(
    service.url,
    `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${owner}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"json',
  );
  expect((await post(service.url, honest(owner), initialize)).status).toBe(200);
  expect(await slowHeaders).toMatch(/^HTTP\/1\.1 408 /);
  expect(await slowBody).toMatch(/^HTTP\/1\.1 408 /);
});

test('a body that breaks off hurts nobody', async () => {
  const { service, owner, logLines } = await served();
  const { host, port } = new URL(service.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${owner}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"json',
    () => socket.resetAndDestroy(),
  );
  await once(socket, 'close');
  expect((await post(service.url, honest(owner), initialize)).status).toBe(200);
  expect(logLines.filter((line) => line.includes('"level":50'))).toEqual([]);
});

test('headers that are too large are refused', async () => {
  const { service } = await served();
  const { host } = new URL(service.url);
  const text = `GET /health HTTP/1.1\r\nHost: ${host}\r\nX-Much: ${'x'.repeat(20_000)}\r\n\r\n`;
  expect(await everythingFrom(service.url, text)).toMatch(/^HTTP\/1\.1 431 /);
});

test('two Host headers are refused, even if the first one is right', async () => {
  const { service } = await served();
  const { host } = new URL(service.url);
  const text = `GET /health HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
  expect(await everythingFrom(service.url, text)).toMatch(/^HTTP\/1\.1 40[03] /);
});

test('a client that does not read its answer is let go, and the call with it', async () => {
  const stopped = gate();
  const flood = simpleTool('flood', async (call) => {
    call.signal.addEventListener('abort', () => stopped.open());
    for (let n = 1; n <= 300; n += 1) call.progress(n, 300, 'x'.repeat(100_000));
    await stopped.passed;
    return { text: 'done' };
  });
  const { service, owner } = await served({ tools: [flood], limits: { stallMs: 100, resumeMs: 20 } });
  const session = await rawSession(service.url, owner);
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 5,
    method: 'tools/call',
    params: { name: 'flood', arguments: {}, _meta: { progressToken: 'p' } },
  });
  const { host, port } = new URL(service.url);
  const head = Object.entries({ ...session, host, 'content-length': String(Buffer.byteLength(body)) });
  const socket = connect(Number(port), '127.0.0.1').pause();
  onTestFinished(() => void socket.destroy());
  const lines = head.map(([name, value]) => `${name}: ${value}`);
  socket.write(`POST /mcp HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  await stopped.passed;
  await expect.poll(() => service.active).toBe(0);
});

test('an open stream gets a comment now and then', async () => {
  const { service, owner } = await served({ limits: { keepAliveMs: 20 } });
  const session = await rawSession(service.url, owner);
  const stream = await fetch(service.url, { headers: { ...session, accept: 'text/event-stream' } });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toMatch(/^: keepalive\n\n/);
  await reader?.cancel();
});

test('a token has no more sessions than the limit: the oldest unused one goes', async () => {
  const { service, owner } = await served({ limits: { sessionsPerToken: 2 } });
  const first = await rawSession(service.url, owner);
  const second = await rawSession(service.url, owner);
  const ping = { jsonrpc: '2.0', id: 9, method: 'ping' };
  const statusOf = async (session: Record<string, string>): Promise<number> => {
    const response = await post(service.url, session, ping);
    await response.text();
    return response.status;
  };
  expect([await statusOf(second), await statusOf(first)]).toEqual([200, 200]);
  const third = await rawSession(service.url, owner);
  expect([await statusOf(first), await statusOf(second), await statusOf(third)]).toEqual([200, 404, 200]);
});

test('when all sessions of a token are in use, one more is refused', async () => {
  const { service, owner, tokens } = await served({ limits: { sessionsPerToken: 1 } });
  const session = await rawSession(service.url, owner);
  const stream = await fetch(service.url, { headers: { ...session, accept: 'text/event-stream' } });
  const refused = await post(service.url, honest(owner), initialize);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
  const { token } = await tokens.create({ label: 'other' });
  expect((await post(service.url, honest(token), initialize)).status).toBe(200);
  await stream.body?.cancel();
});

test('a connection that never asks anything is closed, one that asks is served', async () => {
  const { service } = await served({ limits: { headersMs: 300 } });
  expect(await everythingFrom(service.url, '')).toMatch(/^HTTP\/1\.1 408 /);
  expect((await fetch(new URL('/health', service.url))).status).toBe(200);
});
