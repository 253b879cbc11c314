import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { inheritedSockets } from '../../src/daemon/listen-fds.ts';
import { binFile, ended, PATIENCE_MS, Place } from '../fixtures/bin.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const handle = z.object({ _handle: z.object({ fd: z.number() }) });

/** Starts `daemon run` as systemd does: with a listening socket on descriptor 3, and its own pid in LISTEN_PID. */
function activated(place: Place, server: Server): ReturnType<typeof spawn> {
  const { fd } = handle.parse(server)._handle;
  const script = 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, binFile, 'daemon', 'run'], {
    env: place.env(),
    stdio: ['ignore', 'pipe', 'pipe', fd],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  server.close(); // so that only the daemon accepts
  return child;
}

test.runIf(process.platform === 'linux')(
  'a local socket of the service manager is served and left in place',
  async () => {
    const place = new Place();
    mkdirSync(`${place.home}/daemons`, { recursive: true, mode: 0o700 });
    chmodSync(place.home, 0o700);
    const server = createServer().listen(`${place.socket}.new`);
    await once(server, 'listening');
    renameSync(`${place.socket}.new`, place.socket); // node removes the old name when it closes
    chmodSync(place.socket, 0o600);
    const daemon = activated(place, server);
    const called = await place.run(['call', 'who', '--json']);
    expect(called.code).toBe(0);
    expect(called.stdout).toContain('"actor":"attach"');
    const end = ended(daemon);
    expect(await place.run(['daemon', 'stop'])).toMatchObject({ code: 0 });
    expect(await end).toMatchObject({ code: 0 });
    expect(statSync(place.socket).isSocket()).toBe(true);
  },
);

test.runIf(process.platform === 'linux')(
  'a TCP socket of the service manager becomes the HTTP door',
  async () => {
    const place = new Place();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = z.object({ port: z.number() }).parse(server.address());
    activated(place, server);
    const response = await fetch(`http://127.0.0.1:${port}/health`);
    expect(response.status).toBe(200);
  },
);

test('sockets meant for another process are not touched', () => {
  expect(inheritedSockets({ LISTEN_FDS: '1', LISTEN_PID: '1' }, 2)).toEqual({});
  expect(inheritedSockets({ LISTEN_FDS: '1' }, 2)).toEqual({});
  expect(inheritedSockets({}, 2)).toEqual({});
});

test.runIf(process.platform === 'linux')(
  'a descriptor that is no socket, or is not there, is refused',
  () => {
    const fd = openSync('/dev/null', 'r');
    onTestFinished(() => closeSync(fd));
    expect(() => inheritedSockets({ LISTEN_FDS: '1000000000', LISTEN_PID: '2' }, 2)).toThrow(
      /^LISTEN_FDS: counts descriptor \d+, which is not a socket\. Unset it$/,
    );
    expect(inheritedSockets({ LISTEN_FDS: 'many', LISTEN_PID: '2' }, 2)).toEqual({});
  },
);
