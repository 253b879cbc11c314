import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionLock } from '../../src/desktop/linux/session-lock.ts';

let folder: string;
const servers: Server[] = [];
const sockets: Socket[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'session-lock-'));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** A socket that takes connections and does with them what it is told; gives its address on the bus. */
async function listen(name: string, onConnect: (socket: Socket) => void): Promise<string> {
  const path = join(folder, name);
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined); // the other side left first
    onConnect(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return `unix:path=${path}`;
}

const lockOn = (system: string, session: string): SessionLock =>
  new SessionLock({ DISPLAY: ':7', DBUS_SYSTEM_BUS_ADDRESS: system, DBUS_SESSION_BUS_ADDRESS: session });

describe('a session is not locked as far as can be told', () => {
  it('when there are no buses', async () => {
    const lock = lockOn(`unix:path=${folder}/none`, `unix:path=${folder}/neither`);
    expect(await lock.current()).toBeNull();
    lock.close();
  });

  it('when the addresses are none', async () => {
    const lock = lockOn('tcp:host=127.0.0.1,port=1', 'nonsense');
    expect(await lock.current()).toBeNull();
    lock.close();
  });

  it('when the buses hang, break off, or talk nonsense', async () => {
    const hanging = await listen('hanging', () => undefined);
    const breaking = await listen('breaking', (socket) => socket.end());
    const nonsense = await listen('nonsense', (socket) => socket.write('OK\r\n\0\0\0\0 nonsense'));
    for (const address of [hanging, breaking, nonsense]) {
      const lock = lockOn(address, address);
      expect(await lock.current()).toBeNull();
      lock.close();
    }
  });

  it('and asks nobody again at once', async () => {
    let connections = 0;
    const breaking = await listen('breaking', (socket) => {
      connections += 1;
      socket.end();
    });
    const lock = lockOn(breaking, breaking);
    await lock.current();
    await lock.current();
    expect(connections).toBe(2);
    lock.close();
  });
});
