import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { claimInstance, untilSettled } from '../../src/daemon/instance.ts';
import { daemonPlace } from '../../src/daemon/place.ts';
import { makeRoomForSocket } from '../../src/daemon/socket-file.ts';
import { temporaryFolder } from '../fixtures/process.ts';

const soon = (): AbortSignal => AbortSignal.timeout(5_000);

describe.each(['linux', 'darwin'] as const)('the right to be the daemon, as on %s', (platform) => {
  test('is one process’s until it ends, and then another’s', async () => {
    const place = daemonPlace({ home: temporaryFolder(), name: 'x', platform, uid: 1 });
    mkdirSync(place.folder, { mode: 0o700 });
    const first = await claimInstance(place, soon());
    const server = createServer().listen(place.socket);
    await once(server, 'listening');
    first?.listening();
    expect(await claimInstance(place, soon())).toBeUndefined();
    server.close();
    await first?.release();
    const second = await claimInstance(place, soon());
    expect(second).toBeDefined();
    await second?.release();
  });

  test('is held apart by user, state folder and name', () => {
    const surroundings = { home: '/a', name: 'x', platform, uid: 1 };
    const places = [
      surroundings,
      { ...surroundings, home: '/b' },
      { ...surroundings, name: 'y' },
      { ...surroundings, uid: 2 },
    ].map(daemonPlace);
    const keys = places.map(({ exclusive, socket }) => exclusive ?? socket);
    expect(new Set(keys).size).toBe(platform === 'linux' ? 4 : 3);
  });
});

test('a stale socket makes room, in a folder that is made private', async () => {
  const { folder, socket } = daemonPlace({ home: temporaryFolder(), name: 'x', platform: 'linux', uid: 1 });
  mkdirSync(folder, { mode: 0o755 });
  const server = createServer().listen(socket);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  makeRoomForSocket(socket);
  expect(statSync(socket, { throwIfNoEntry: false })).toBeUndefined();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(() => makeRoomForSocket(`/tmp/${'x'.repeat(200)}`)).toThrow(/too long/);
});

test.runIf(process.platform === 'linux')(
  'a stranger who holds the name is waited for until the signal, a daemon until it listens',
  async () => {
    const place = daemonPlace({ home: temporaryFolder(), name: 'x', platform: 'linux', uid: 1 });
    const stranger = createServer().listen(place.exclusive);
    await once(stranger, 'listening');
    expect(await claimInstance(place, new AbortController().signal)).toBeUndefined();
    await untilSettled(place, AbortSignal.timeout(50));
    stranger.close();
    await once(stranger, 'close');
    const daemon = await claimInstance(place, new AbortController().signal);
    onTestFinished(() => daemon?.release());
    const settled = untilSettled(place, new AbortController().signal);
    daemon?.listening();
    await settled;
  },
);
