import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How names are found and addresses reached, outside of the sandbox. */
export interface Outside {
  /** All addresses of a name, or of an address itself. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** A connection; it fails as the network does. */
  readonly connect: (address: string, port: number, signal: AbortSignal) => Promise<Socket>;
}

/** With the names and the network of this machine. */
export const machine: Outside = {
  resolve: async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address),
  connect: async (host, port, signal) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    try {
      await once(socket, 'connect', { signal });
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  },
};
