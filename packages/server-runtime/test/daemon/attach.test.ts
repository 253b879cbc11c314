import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { binFile, PATIENCE_MS, Place } from '../fixtures/bin.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const who = z.object({
  structuredContent: z.object({ pid: z.number(), session: z.string(), actor: z.string() }),
});

const plainEnv = (place: Place): Record<string, string> =>
  z.record(z.string(), z.string()).parse(place.env());

async function attached(place: Place, ...args: string[]): Promise<Client> {
  const client = new Client({ name: 'new', version: '0' }, { versionNegotiation: { mode: 'auto' } });
  const server = { command: process.execPath, args: [binFile, '--attach', ...args], env: plainEnv(place) };
  await client.connect(new StdioClientTransport({ ...server, stderr: 'ignore' }));
  onTestFinished(() => client.close());
  return client;
}

async function attachedOld(place: Place): Promise<OldClient> {
  const client = new OldClient({ name: 'old', version: '0' });
  const server = { command: process.execPath, args: [binFile, '--attach'], env: plainEnv(place) };
  await client.connect(new OldTransport({ ...server, stderr: 'ignore' }));
  onTestFinished(() => client.close());
  return client;
}

test('clients of both SDKs share one daemon, each with a session of its own', async () => {
  const place = new Place();
  const pid = await place.start();
  const [one, other] = await Promise.all([attached(place, '--session', 'mine'), attachedOld(place)]);
  const answers = await Promise.all([one.callTool({ name: 'who' }), other.callTool({ name: 'who' })]);
  const [first, second] = answers.map((answer) => who.parse(answer).structuredContent);
  expect(first).toMatchObject({ pid, session: 'mine', actor: 'attach' });
  expect(second).toMatchObject({ pid, actor: 'attach' });
  expect(second?.session).not.toBe('mine');
});

test('two clients take turns, and a third is told who is at work', async () => {
  const place = new Place();
  await place.start();
  const until = `${place.home}/enough`;
  const call = () => place.run(['call', 'slow', JSON.stringify({ ms: 600_000, until })]);
  const first = call();
  await place.noted('slow begins');
  // of these the first to come waits, however late the other one is
  const others = [call(), call()];
  const turnedAway = await Promise.race(others);
  expect(turnedAway.code).toBe(5);
  expect(turnedAway.stderr).toMatch(/attach \(session .*\) runs slow/);
  writeFileSync(until, '');
  const ended = await Promise.all([first, ...others]);
  expect(ended.map(({ code }) => Number(code)).sort()).toEqual([0, 0, 5]);
  expect(place.notes().filter((line) => line.startsWith('slow'))).toEqual([
    'slow begins',
    'slow is done',
    'slow begins',
    'slow is done',
  ]);
});

test('a client that names tools is offered only these', async () => {
  const place = new Place();
  await place.start();
  const client = await attached(place, '--tools', 'who,fail');
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['who', 'fail']);
});

describe('is refused, with the command that helps', () => {
  test('when no daemon runs', async () => {
    expect(await new Place().run(['--attach'])).toEqual({
      code: 4,
      stdout: '',
      stderr: 'fixture-bin: no daemon runs\nRun: fixture-bin daemon start\n',
    });
  });

  test('when the daemon is of another release; a patch does not matter', async () => {
    const place = new Place();
    await place.start();
    const at = (FIXTURE_VERSION: string) => place.run(['--attach'], { env: { FIXTURE_VERSION } });
    expect(await at('1.3.0')).toEqual({
      code: 4,
      stdout: '',
      stderr:
        'fixture-bin: the daemon is fixture-bin 1.2.3, and this is fixture-bin 1.3.0\nRun: fixture-bin daemon restart\n',
    });
    expect(await at('1.2.9')).toMatchObject({ code: 0 });
  });

  test('with an option that only the daemon can follow', async () => {
    const place = new Place();
    await place.start();
    const { code, stderr } = await place.run(['--attach', '--read-only']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'fixture-bin: --read-only is for the daemon, and this only attaches to it\nRun: fixture-bin daemon restart --read-only ...\n',
    });
  });
});

describe('a socket that others could have touched is not used', () => {
  test('a socket open to others; closed again it is used', async () => {
    const place = new Place();
    await place.start();
    chmodSync(place.socket, 0o666);
    const open = await place.run(['--attach']);
    expect(open).toMatchObject({ code: 4, stdout: '' });
    expect(open.stderr).toContain('can be used by other users');
    chmodSync(place.socket, 0o600);
    expect(await place.run(['--attach'])).toMatchObject({ code: 0 });
  });

  test('a link in its place, by clients and by a starting daemon', async () => {
    const place = new Place();
    const pid = await place.start();
    renameSync(place.socket, `${place.socket}.real`);
    symlinkSync(`${place.socket}.real`, place.socket);
    const followed = await place.run(['--attach']);
    expect(followed).toMatchObject({ code: 4, stdout: '' });
    expect(followed.stderr).toContain('is not a socket of yours');
    process.kill(pid, 'SIGKILL');
    expect((await place.run(['daemon', 'start'])).code).toBe(4);
  });

  test('a file in its place is not removed', async () => {
    const place = new Place();
    mkdirSync(`${place.home}/daemons`, { recursive: true, mode: 0o700 });
    chmodSync(place.home, 0o700);
    writeFileSync(place.socket, 'precious');
    const { code, stderr } = await place.run(['daemon', 'start']);
    expect(code).toBe(4);
    expect(stderr).toContain('is not a socket of yours');
  });

  test.runIf(process.getuid?.() === 0)('a folder of somebody else', async () => {
    const place = new Place();
    await place.start();
    chownSync(`${place.home}/daemons`, 12_345, 12_345);
    const foreign = await place.run(['--attach']);
    expect(foreign.stderr).toContain('is not a folder of yours');
    chownSync(`${place.home}/daemons`, 0, 0);
    expect(await place.run(['--attach'])).toMatchObject({ code: 0 });
  });
});

test.each([
  ['no JSON', 'hello\n'],
  ['another protocol', '{"jsonrpc":"2.0","id":1,"method":"initialize"}\n'],
  ['too much', `${'x'.repeat(100_000)}\n`],
])('a connection that begins with %s is turned away, and the daemon lives', async (_name, said) => {
  const place = new Place();
  await place.start();
  const socket = connect(place.socket);
  socket.on('error', () => undefined); // it may hang up while we still speak
  socket.write(said);
  let heard = '';
  for await (const chunk of socket) heard += String(chunk);
  expect(heard).toMatch(/^$|"ok":false/);
  expect(await place.run(['call', 'who'])).toMatchObject({ code: 0 });
});

test('who was turned away and does not hang up is cut off, and the others stay', async () => {
  const place = new Place();
  const pid = await place.start();
  const client = await attached(place);
  const pidAgain = async (): Promise<number> =>
    who.parse(await client.callTool({ name: 'who' })).structuredContent.pid;
  expect(await pidAgain()).toBe(pid);
  const sockets = (): number =>
    readdirSync(`/proc/${pid}/fd`).filter((fd) => linkOf(`/proc/${pid}/fd/${fd}`).startsWith('socket:'))
      .length;
  const before = sockets();
  const lingering = ['no\n', '{"deskhand":1,"name":"x","version":"1","wants":{"what":"status"}}\n'].map(
    (said) => {
      const socket = connect({ path: place.socket, allowHalfOpen: true });
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => undefined).resume();
      socket.write(said);
      return socket;
    },
  );
  await Promise.all(lingering.map((socket) => once(socket, 'end')));
  await vi.waitFor(() => expect(sockets()).toBeLessThanOrEqual(before), { timeout: PATIENCE_MS });
  expect(await pidAgain()).toBe(pid);
});

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}
