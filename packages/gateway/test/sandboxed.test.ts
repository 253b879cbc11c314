import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { readServers, type GatewayServer } from '../src/index.ts';
import { opened, temporaryFolder, textOf, wordsOf } from './fixtures/opened.ts';

const file = fileURLToPath(new URL('fixtures/nosy.mjs', import.meta.url));
const allowed = { answer: { kind: 'allow', scope: 'session' } } as const;

function nosy(sandbox?: object): readonly GatewayServer[] {
  const entry = { command: process.execPath, args: [file], env: { KEY: 'given' }, sandbox };
  const PATH = process.env['PATH'];
  return readServers({ nosy: { ...entry, startup_timeout_sec: 60 } }, { env: { PATH, SECRET: 'kept' } });
}

async function listener(): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const at = server.address();
  return typeof at === 'object' ? (at?.port ?? 0) : 0;
}

/** Two folders that anyone may use, as a sandbox of root's takes the rights of another user. */
function folders(): { readonly shared: string; readonly secret: string } {
  const base = realpathSync(temporaryFolder());
  chmodSync(base, 0o755);
  const shared = join(base, 'shared');
  const secret = join(base, 'secret.txt');
  mkdirSync(shared);
  chmodSync(shared, 0o777);
  writeFileSync(join(shared, 'a.txt'), 'shared words');
  writeFileSync(secret, 'secret words');
  return { shared, secret };
}

test('a server in a sandbox sees its folder and nothing else of this machine; outside it sees all', async () => {
  const { shared, secret } = folders();
  const port = await listener();
  const free = await opened(nosy(), allowed);
  expect(wordsOf(await free.call('nosy__read', { path: secret }))).toBe('secret words');
  expect(wordsOf(await free.call('nosy__reach', { port }))).toBe('reached');

  const mounts = [{ name: 'shared', folder: shared, access: 'rw' }];
  const { call, gateway } = await opened(nosy({ mounts }), allowed);
  expect(gateway.servers()).toMatchObject([{ state: 'ready', problem: null }]);
  const inside = '/sessions/nosy/mnt/shared';
  expect(wordsOf(await call('nosy__read', { path: `${inside}/a.txt` }))).toBe('shared words');
  expect(wordsOf(await call('nosy__write', { path: `${inside}/b.txt`, text: 'new' }))).toBe('written');
  expect(readFileSync(join(shared, 'b.txt'), 'utf8')).toBe('new');
  expect(wordsOf(await call('nosy__read', { path: secret }))).toContain('ENOENT');
  expect(wordsOf(await call('nosy__read', { path: `${inside}/../../../../${secret}` }))).toContain('ENOENT');
  expect(wordsOf(await call('nosy__reach', { port }))).toContain('ECONNREFUSED');
  expect(wordsOf(await call('nosy__parent'))).toContain('bwrap');
  const environment = wordsOf(await call('nosy__environment'));
  expect(JSON.parse(environment)).toMatchObject({ KEY: 'given' });
  expect(environment).not.toContain('kept');
});

test('a folder to read only cannot be written, and what cannot be confined does not start', async () => {
  const { shared } = folders();
  const { call } = await opened(nosy({ mounts: [{ name: 'shared', folder: shared }] }), allowed);
  const path = '/sessions/nosy/mnt/shared/a.txt';
  expect(wordsOf(await call('nosy__read', { path }))).toBe('shared words');
  expect(wordsOf(await call('nosy__write', { path, text: 'changed' }))).toContain('EROFS');

  const missing = [{ name: 'gone', folder: join(shared, 'gone') }];
  const failed = await opened(nosy({ mounts: missing }), allowed);
  expect(failed.gateway.servers()).toMatchObject([{ state: 'degraded', tools: 0 }]);
  expect(failed.gateway.servers()[0]?.problem).toContain('there is no folder');
  const unread = await failed.call('nosy__read', { path });
  expect(unread).toMatchObject({ decision: 'denied', code: 'server_unavailable' });
  expect(textOf(unread)).toMatch(
    /^Nothing was done: the server nosy cannot be reached: .*there is no folder/,
  );
  expect(await failed.call('nosey__read', { path })).toMatchObject({ code: 'unknown_tool' });
});

test('a server in a sandbox that dies is started again, in another one', async () => {
  const { call, gateway } = await opened(nosy({}), allowed);
  await call('nosy__write', { path: '/tmp/left', text: 'behind' });
  expect(wordsOf(await call('nosy__read', { path: '/tmp/left' }))).toBe('behind');
  expect(await call('nosy__end')).toMatchObject({ code: 'server_died' });
  expect(wordsOf(await call('nosy__read', { path: '/tmp/left' }))).toContain('ENOENT');
  expect(gateway.servers()).toMatchObject([{ state: 'ready', generation: 2 }]);
});
