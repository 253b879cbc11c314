import { openGrantStore } from '@deskhand/grants';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startServer } from './lab/server-process.ts';
import { makeTree } from './lab/tree.ts';
import { openSession, type Call, type Person } from './lab/workspace.ts';

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A port of this machine, and who answers there. */
async function database(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).end('rows\n'));
  onTestFinished(() => void server.close());
  return portOf(server);
}

/** One that nobody has now, of those that the system gives to nobody by itself. */
async function freePort(): Promise<number> {
  const port = randomInt(10_000, 30_000);
  const server = createServer().listen(port, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isFree) return freePort();
  server.close();
  await once(server, 'close');
  return port;
}

/** How many processes of this one are of a sandbox. */
const sandboxes = (): number =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean).length;

const query = (port: number) => ({ command: `timeout 10 cat < /dev/tcp/127.0.0.1/${port}` });
const open = (person: Person, options: Record<string, unknown> = {}) =>
  openSession([`work=${makeTree()}`], { person, approve: 'never-in-sandbox', ...options });
const ask = (call: Call, port: number, direction = 'reach') =>
  call('request_port', { port, direction, reason: 'to read the rows' });

describe('a port of this computer', () => {
  test('is reached by what runs already when the person gives it, and by nobody else', async () => {
    const port = await database();
    const questions: string[] = [];
    const call = await open((question) => {
      questions.push(question);
      return 'once';
    });
    expect((await call('Bash', query(port))).text).toContain('refused');
    expect((await ask(call, port)).text).toBe(
      `Commands reach port ${port} of the person's computer at localhost:${port}, from now on.`,
    );
    expect((await call('Bash', query(port))).text).toContain('rows');
    expect((await ask(call, port)).text).toContain('already');
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain(`port ${port} of this computer`);
    expect(questions[0]).toContain('to read the rows');
    const other = await open(() => 'deny');
    expect((await other('Bash', query(port))).text).toContain('refused');
  });

  test('is not reached when the person says no, when nobody can be asked, and without a network', async () => {
    const port = await database();
    const call = await open(() => 'deny');
    expect((await ask(call, port)).code).toBe('denied_by_person');
    expect((await call('Bash', query(port))).text).toContain('refused');
    expect((await ask(await open(() => null), port)).code).toBe('nobody_to_ask');
    const none = await open(() => 'once', { network: 'none' });
    expect((await ask(none, port)).code).toBe('port_refused');
  });

  test('given for good it is not asked about again, and taken back it is not reached by the next connection', async () => {
    const port = await database();
    const home = join(makeTree(), 'state');
    const first = await open(() => 'always', { home });
    await ask(first, port);
    const call = await open(() => 'deny', { home });
    expect((await ask(call, port)).code).toBeNull();
    expect((await call('Bash', query(port))).text).toContain('rows');
    const store = await openGrantStore({ home });
    for (const { id } of store.list({ kinds: ['port'] })) await store.revoke(id);
    store.close();
    expect((await call('Bash', query(port))).text).not.toContain('rows');
    expect((await ask(call, port)).code).toBe('denied_by_person');
  });

  test('is there in a sandbox that takes the place of one that ended', async () => {
    const port = await database();
    const call = await open(() => 'once');
    await ask(call, port);
    await call('Bash', { command: 'kill -9 $(pgrep -f worker.js)' });
    expect((await call('Bash', query(port))).text).toContain('rows');
  });
});

test('a port inside is one of this computer when the person shares it, and not before', async () => {
  const port = await freePort();
  const call = await open(() => 'once');
  const serve = `require('node:net').createServer((s) => s.end('page')).listen(${port}, '127.0.0.1', () => console.log('up'))`;
  await call('Bash', { command: `/run/deskhand/node -e "${serve}"`, run_in_background: true });
  await expect
    .poll(async () => (await call('BashOutput', { bash_id: 'bash_1', offset: 0 })).text)
    .toContain('> up');
  const visit = async (): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    return text(socket).catch((error: unknown) => String(error));
  };
  expect(await visit()).toContain('ECONNREFUSED');
  expect((await ask(call, port, 'share')).code).toBeNull();
  expect(await visit()).toBe('page');
});

test('a shared port that another program has in the meantime is told, and no sandbox is left behind', async () => {
  const port = await freePort();
  const call = await open(() => 'once');
  await ask(call, port, 'share');
  const squatter = createServer();
  const squat = async (): Promise<void> => {
    squatter.listen(port, '127.0.0.1');
    await once(squatter, 'listening');
  };
  await call('Bash', { command: 'kill -9 $(pgrep -f worker.js)' });
  await expect.poll(sandboxes).toBe(0);
  await squat();
  const refused = await call('Bash', { command: 'echo hello' });
  expect(refused.text).toContain(`port ${port}`);
  await expect.poll(sandboxes).toBe(0);
  squatter.close();
  await once(squatter, 'close');
  expect((await call('Bash', { command: 'echo hello' })).text).toContain('hello');
  expect(sandboxes()).toBeGreaterThan(0);
});

test.each([
  ['root', null],
  ['an ordinary user', 65_534],
])('started as %s, what is given is reached and cannot be widened from inside', async (_, uid) => {
  const [port, other] = [await database(), await database()];
  const server = await startServer(process.geteuid?.() === 0 ? uid : null, {
    ...{ options: ['--approve', 'never-in-sandbox'], person: 'once' },
  });
  const bash = async (command: string) => (await server.call('Bash', { command })).text;
  expect(await bash(query(port).command)).toContain('refused');
  expect((await server.call('request_port', { port, reason: 'x' })).isError).toBe(false);
  expect(await bash(query(port).command)).toContain('rows');
  expect(await bash(query(other).command)).toContain('refused');
  const attacks = ['ip link add dummy0 type dummy', 'ip route add default dev lo', 'unshare -Urn true'];
  for (const attack of attacks) expect(await bash(`${attack} && echo done`)).not.toMatch(/^> ?done|\ndone/m);
  for (const at of ['169.254.169.254', '10.0.0.1', '192.0.2.1'])
    expect(await bash(`timeout 5 cat < /dev/tcp/${at}/80`)).toContain('unreachable');
});
