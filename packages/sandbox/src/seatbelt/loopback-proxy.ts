import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { hasProxy, type Network } from '../network/network.ts';
import type { Outside } from '../network/outside.ts';
import { proxyOf } from '../network/proxy.ts';

/** The proxy of a network at a port of this machine's loopback, where that is the only one there is. */
export class LoopbackProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, { port }: AddressInfo) {
    this.port = port;
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** `null` for a network that needs none. @throws SandboxError `domain_invalid` */
  static async open(network: Network, outside: Outside): Promise<LoopbackProxy | null> {
    if (!hasProxy(network)) return null;
    const server = proxyOf(network, outside).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address === 'object' && address !== null) return new LoopbackProxy(server, address);
    throw new TypeError('the proxy has no port');
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
