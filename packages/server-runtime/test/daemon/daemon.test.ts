import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { connectToDaemon } from '../../src/daemon/connection.ts';
import { daemonPlace } from '../../src/daemon/place.ts';
import { ended, PATIENCE_MS, pidIn, Place, untilGone } from '../fixtures/bin.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const slow = (ms: number): string[] => ['call', 'slow', JSON.stringify({ ms })];

test('two starts at once make one daemon, and both say which', async () => {
  const place = new Place();
  const [one, other] = await Promise.all([place.run(['daemon', 'start']), place.run(['daemon', 'start'])]);
  expect([one.code, other.code]).toEqual([0, 0]);
  expect(pidIn(one.stdout)).toBe(pidIn(other.stdout));
  expect([one.stdout, other.stdout].map((text) => text.split(':')[0]).sort()).toEqual([
    'runs already',
    'started',
  ]);
  expect(place.notes().filter((line) => line.startsWith('opened'))).toHaveLength(1);
});

test('after kill -9 the next start works at once, with nothing stale in its way', async () => {
  const place = new Place();
  const first = await place.start();
  process.kill(first, 'SIGKILL');
  await untilGone(first);
  expect(await place.run(['daemon', 'status'])).toMatchObject({
    code: 4,
    stdout: 'not running. Run: fixture-bin daemon start\n',
  });
  const second = await place.start();
  expect(second).not.toBe(first);
  expect(await place.run(['daemon', 'status'])).toMatchObject({ code: 0 });
});

test('a start that fails says why, and leaves room for one that does not', async () => {
  const place = new Place();
  const wrong = await place.run(['daemon', 'start', '--fault', 'open']);
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain('--fault: it cannot be opened');
  const crashed = await place.run(['daemon', 'start', '--fault', 'crash']);
  expect(crashed.code).toBe(1);
  expect(crashed.stderr).toContain('a bug at the start');
  await place.start();
});

test('status tells all of a daemon, also as JSON', async () => {
  const place = new Place();
  const pid = await place.start('--http', '--session', 'x');
  const { stdout } = await place.run(['daemon', 'status', '--json']);
  const { startedAt, url, ...status } = z
    .looseObject({ startedAt: z.iso.datetime(), url: z.url() })
    .parse(JSON.parse(stdout));
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  expect(Date.parse(startedAt)).toBeLessThanOrEqual(Date.now());
  expect(status).toEqual({
    running: true,
    state: 'ready',
    name: 'fixture-bin',
    version: '1.2.3',
    pid,
    args: ['--http', '--session', 'x'],
    cwd: process.cwd(),
    socket: place.socket,
    attached: 0,
    calls: 0,
  });
});

describe('stop', () => {
  test('lets a running call finish, and then everything is closed', async () => {
    const place = new Place();
    const pid = await place.start();
    const call = place.spawn(slow(1_500));
    const answer = ended(call);
    await place.noted('slow begins');
    const stopped = await place.run(['daemon', 'stop']);
    expect(stopped).toEqual({ code: 0, stdout: 'stopped\n', stderr: '' });
    expect(await answer).toEqual({ code: 0, stdout: 'done\n', stderr: '' });
    await untilGone(pid);
    expect(place.notes().slice(-3)).toEqual(['slow is done', 'session closed', 'surface closed']);
  });

  test('cuts a call off when its time is up', async () => {
    const place = new Place();
    await place.start();
    const answer = ended(place.spawn(slow(600_000)));
    await place.noted('slow begins');
    expect(await place.run(['daemon', 'stop', '--drain', '200ms'])).toMatchObject({
      code: 0,
      stdout: 'stopped\n',
    });
    expect((await answer).code).toBe(4);
    expect(place.notes()).toContain('slow was cut off');
  });

  test('takes no new client meanwhile, and a start waits for its turn', async () => {
    const place = new Place();
    const first = await place.start();
    const until = `${place.home}/enough`;
    const answer = ended(place.spawn(['call', 'slow', JSON.stringify({ ms: 600_000, until })]));
    await place.noted('slow begins');
    const stopped = place.run(['daemon', 'stop', '--drain', '10m']);
    while (!readFileSync(`${place.home}/logs/fixture-bin.log`, 'utf8').includes('ending')) await delay(20);
    const next = place.start();
    const late = await place.run(['call', 'who']);
    expect(late).toMatchObject({ code: 4 });
    expect(late.stderr).toContain('the daemon is ending');
    writeFileSync(until, '');
    expect((await answer).code).toBe(0);
    expect((await stopped).code).toBe(0);
    expect(await next).not.toBe(first);
    expect(await place.run(['call', 'who'])).toMatchObject({ code: 0 });
  });

  test('kills a daemon that does not answer', async () => {
    const place = new Place();
    const pid = await place.start();
    process.kill(pid, 'SIGSTOP');
    const status = await place.run(['daemon', 'status']);
    expect(status.code).toBe(4);
    expect(status.stderr).toContain('does not answer');
    expect(await place.run(['daemon', 'stop'])).toMatchObject({
      code: 0,
      stdout: 'stopped, by force: it did not end in time\n',
    });
    await untilGone(pid);
  });

  test('says so when there is nothing to stop', async () => {
    expect(await new Place().run(['daemon', 'stop'])).toEqual({
      code: 0,
      stdout: 'it does not run\n',
      stderr: '',
    });
  });
});

test('restart keeps the options of the daemon unless new ones are given', async () => {
  const place = new Place();
  const first = await place.start('--session', 'kept');
  const again = await place.run(['daemon', 'restart', '--drain', '1s']);
  expect(again.code).toBe(0);
  expect(pidIn(again.stdout)).not.toBe(first);
  const args = async (): Promise<unknown> =>
    JSON.parse((await place.run(['daemon', 'status', '--json'])).stdout);
  expect(await args()).toMatchObject({ args: ['--session', 'kept'] });
  await place.run(['daemon', 'restart', '--session', 'new']);
  expect(await args()).toMatchObject({ args: ['--session', 'new'] });
});

test('restart keeps the port of the daemon, unless another one is told', async () => {
  const place = new Place();
  await place.start('--http');
  const urlOf = async (): Promise<string> =>
    z.object({ url: z.string() }).parse(JSON.parse((await place.run(['daemon', 'status', '--json'])).stdout))
      .url;
  const url = await urlOf();
  await place.run(['daemon', 'restart']);
  expect(await urlOf()).toBe(url);
  await place.run(['daemon', 'restart', '--http', '--session', 'x']);
  expect(await urlOf()).toBe(url);
  await place.run(['daemon', 'restart', '--http', '--port', '0']);
  expect(await urlOf()).not.toBe(url);
});

test('it ends by itself when nobody needs it, and not while it works', async () => {
  const place = new Place();
  const pid = await place.start('--idle-exit', '3s');
  // at once: on a busy machine the call alone takes as long to begin
  const attached = await connectToDaemon({
    place: daemonPlace({ home: place.home, name: 'fixture-bin', platform: process.platform, uid: 0 }),
    ...{ version: '1.2.3', wants: { what: 'attach' } },
  });
  const call = place.run(slow(4_000));
  await place.noted('slow begins');
  attached?.socket.destroy();
  expect(await call).toMatchObject({ code: 0 });
  await untilGone(pid);
  const { stdout } = await place.run(['daemon', 'logs']);
  expect(stdout).toMatch(/ready[\s\S]*ending {"why":"idle"[\s\S]*ended/);
});

test('its log is opened anew at SIGHUP, and followed through that', async () => {
  const place = new Place();
  const pid = await place.start();
  const follower = place.spawn(['daemon', 'logs', '-f']);
  let seen = '';
  follower.stdout?.setEncoding('utf8').on('data', (text: string) => (seen += text));
  while (!seen.includes('ready')) await once(follower.stdout ?? follower, 'data');
  process.kill(pid, 'SIGHUP');
  await place.run(['daemon', 'stop']);
  while (!seen.includes('ended')) await once(follower.stdout ?? follower, 'data');
  follower.kill('SIGINT');
  await once(follower, 'close');
  expect(follower.exitCode).toBe(0);
});

test('restarts at the same time all end with a daemon that runs', async () => {
  const place = new Place();
  await place.start();
  const all = await Promise.all([1, 2, 3].map(() => place.run(['daemon', 'restart'])));
  // on a slow machine a person is told that it takes a while
  const complaints = all.map(({ stderr }) => stderr.replaceAll('fixture-bin is starting ...\n', ''));
  expect({ codes: all.map(({ code }) => code), complaints }).toEqual({
    codes: [0, 0, 0],
    complaints: ['', '', ''],
  });
  expect(await place.run(['daemon', 'status'])).toMatchObject({ code: 0 });
});

test('a log that is a link, and a folder for it that is a file, are named with what helps', async () => {
  const place = new Place();
  mkdirSync(`${place.home}/logs`, { recursive: true, mode: 0o700 });
  chmodSync(place.home, 0o700);
  const log = `${place.home}/logs/fixture-bin.log`;
  symlinkSync('/tmp/elsewhere', log);
  const linked = await place.run(['daemon', 'start']);
  expect(linked).toMatchObject({ code: 4, stdout: '' });
  expect(linked.stderr).toMatch(
    /^fixture-bin: the log cannot be written: ELOOP.*\nLook at it: ls -l '.*'\n$/,
  );
  rmSync(`${place.home}/logs`, { recursive: true });
  writeFileSync(`${place.home}/logs`, '');
  const filed = await place.run(['daemon', 'start']);
  expect(filed).toMatchObject({ code: 1, stdout: '' });
  expect(filed.stderr).toMatch(/^fixture-bin: EEXIST: .*\nRun: fixture-bin daemon doctor\n$/);
  rmSync(`${place.home}/logs`);
  expect(await place.run(['daemon', 'start'])).toMatchObject({ code: 0 });
});
