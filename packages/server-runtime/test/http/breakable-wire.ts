import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

/** A way to a server on which all connections can be cut. */
export interface BreakableWire {
  /** Instead of the server's own. */
  readonly url: string;
  /** Connections that were cut. */
  readonly cuts: number;
  cut(): void;
}

export async function breakableWire(url: string): Promise<BreakableWire> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    // A cut shows as an error on one end or the other; both go.
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const wire = createServer((near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1');
    track(near).pipe(track(far)).pipe(near);
  });
  const cut = (): void => {
    for (const socket of sockets) {
      cuts += 1;
      socket.destroy();
    }
  };
  wire.listen(0, '127.0.0.1');
  await once(wire, 'listening');
  onTestFinished(() => {
    cut();
    wire.close();
  });
  const { port } = z.object({ port: z.number() }).parse(wire.address());
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    get cuts() {
      return cuts;
    },
    cut,
  };
}
