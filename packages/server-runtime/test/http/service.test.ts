import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { gate, simpleTool } from '../fixtures.ts';
import { temporaryFolder } from '../fixtures/process.ts';
import { calling2025, honest, httpClient, initialize, post, rawSession, served } from './fixtures.ts';

const ok = { action: 'accept' as const, content: { sure: true } };

test.each(['0.0.0.0', '::', '192.0.2.1', 'desk.example'])(
  '%s is not listened on unless asked for',
  async (host) => {
    await expect(served({ host })).rejects.toThrow(/other machines could reach it.*TLS.*--allow-remote/);
  },
);

test('every address is listened on when asked for, with the same checks', async () => {
  const { service, owner } = await served({ host: '0.0.0.0', allowRemote: true });
  const url = service.url.replace('0.0.0.0', '127.0.0.1');
  expect((await post(url, honest('wrong'), initialize)).status).toBe(401);
  expect((await post(url, honest(owner), initialize)).status).toBe(200);
});

test.each([
  ['127.0.0.1', /^http:\/\/127\.0\.0\.1:\d+\/mcp$/],
  ['::1', /^http:\/\/\[::1\]:\d+\/mcp$/],
])('%s is served under the address that it says', async (host, url) => {
  const { service, owner } = await served({ host });
  expect(service.url).toMatch(url);
  expect((await post(service.url, honest(owner), initialize)).status).toBe(200);
});

test('a port in use is named, with what to do', async () => {
  const { service } = await served();
  const port = Number(new URL(service.url).port);
  await expect(served({ port })).rejects.toThrow(
    new RegExp(
      `^127\\.0\\.0\\.1 port ${port}: cannot be listened on \\(.*EADDRINUSE.*\\)\\. Choose another one`,
    ),
  );
});

test('an allowed host that is none is named', async () => {
  await expect(served({ allowedHosts: ['https://desk.example/'] })).rejects.toThrow(
    'allowed host https://desk.example/: is neither a name nor a name and a port',
  );
});

const withHandle = z.looseObject({ _handle: z.looseObject({ fd: z.number() }) });

test.skipIf(process.platform === 'win32')('a socket that was handed over is listened on', async () => {
  const holder = createServer();
  onTestFinished(() => void holder.close());
  holder.listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = z.object({ port: z.number() }).parse(holder.address());
  // What systemd does: the child gets the listening socket as descriptor 3.
  const { fd } = withHandle.parse(holder)._handle;
  const file = fileURLToPath(new URL('handed-over.mjs', import.meta.url));
  const child = spawn(process.execPath, [file, temporaryFolder()], {
    stdio: ['ignore', 'pipe', 'inherit', fd],
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const said = z.instanceof(Readable).parse(child.stdout).setEncoding('utf8');
  const [text] = z.tuple([z.string()]).parse(await once(said, 'data'));
  holder.close();
  const { url, owner } = z.object({ url: z.string(), owner: z.string() }).parse(JSON.parse(text));
  expect(url).toBe(`http://127.0.0.1:${port}/mcp`);
  expect((await post(url, honest(owner), initialize)).status).toBe(200);
});

test('draining lets calls finish, answers to their questions included, and refuses new ones', async () => {
  const asked = gate();
  const drained = gate();
  const { service, owner } = await served();
  const client = await httpClient(service.url, {
    token: owner,
    mode: '2025',
    answer: async () => {
      asked.open();
      await drained.passed;
      return ok;
    },
  });
  const raw = await rawSession(service.url, owner);
  const call = client.callTool({ name: 'ask' });
  await asked.passed;
  const over = service.drain(60_000);
  const refused = await post(service.url, raw, calling2025(3, 'echo', { text: 'more' }));
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect((await post(service.url, honest(owner), initialize)).status).toBe(503);
  drained.open();
  expect(await call).toMatchObject({ content: [{ text: JSON.stringify(ok) }] });
  await over;
  await expect(post(service.url, honest(owner), initialize)).rejects.toThrow('fetch failed');
});

test('what does not finish in the time of a drain is cancelled and recorded', async () => {
  const started = gate();
  const hang = simpleTool('hang', async ({ signal }) => {
    started.open();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    signal.throwIfAborted();
    return { text: 'late' };
  });
  const { service, owner, rows } = await served({ tools: [hang] });
  const session = await rawSession(service.url, owner);
  const answer = post(service.url, session, calling2025(5, 'hang')).then((response) => response.text());
  await started.passed;
  await service.drain(20);
  await answer.catch(() => 'cut off');
  const ends = rows.filter(({ phase }) => phase !== 'note');
  expect(ends.map(({ phase, name }) => [phase, name])).toEqual([
    ['intent', 'hang'],
    ['outcome', 'hang'],
  ]);
});

test('activity is seen: when it was last, and how much there is', async () => {
  const started = gate();
  const finish = gate();
  const wait = simpleTool('wait', async () => {
    started.open();
    await finish.passed;
    return { text: 'waited' };
  });
  const { service, owner } = await served({ tools: [wait] });
  const client = await httpClient(service.url, { token: owner, mode: '2025' });
  await expect.poll(() => service.active).toBe(0);
  const before = service.lastActivity;
  const call = client.callTool({ name: 'wait' });
  await started.passed;
  expect(service.active).toBe(1);
  finish.open();
  await call;
  await expect.poll(() => service.active).toBe(0);
  expect(service.lastActivity).toBeGreaterThanOrEqual(before);
});
