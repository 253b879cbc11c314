import { createConnection } from 'node:net';

const MAGIC = 'i3-ipc';
const HEADER = MAGIC.length + 8;

/** Message types of sway-ipc(7). */
export const COMMAND = 0;
export const OUTPUTS = 3;
export const TREE = 4;

/** Asks sway one thing over its socket; quicker than starting `swaymsg`. */
export function askSway(path: string, type: number, payload = ''): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('connect', () => {
      const body = Buffer.from(payload);
      const head = Buffer.alloc(HEADER);
      head.write(MAGIC);
      head.writeUInt32LE(body.length, MAGIC.length);
      head.writeUInt32LE(type, MAGIC.length + 4);
      socket.write(Buffer.concat([head, body]));
    });
    socket.on('data', (more: Buffer) => {
      bytes = Buffer.concat([bytes, more]);
      if (bytes.length < HEADER || bytes.length < HEADER + bytes.readUInt32LE(MAGIC.length)) return;
      resolve(JSON.parse(bytes.toString('utf8', HEADER)));
      // sway spins on a connection that is only half closed
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('sway closed the connection')));
  });
}
