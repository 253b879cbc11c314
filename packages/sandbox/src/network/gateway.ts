import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Namespaces } from '../confined.ts';
import { SandboxError } from '../sandbox-error.ts';
import { NetworkAgent } from './agent.ts';
import { hasProxy, PROXY_PORT, type Network } from './network.ts';
import type { Outside } from './outside.ts';
import { proxyOf } from './proxy.ts';
import { relay } from './relay.ts';

/** Asked for each connection, so that what was taken back does not hold. */
export type Admission = () => boolean;

const always: Admission = () => true;

export interface GatewayOptions {
  readonly network: Network;
  readonly namespaces: Namespaces;
  readonly outside: Outside;
}

/**
 * The only ways out of a sandbox's network, which itself leads nowhere: connections that this process makes for it,
 * one port or one proxy at a time. Nothing inside can add to them.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #servers = new Set<Server>();
  readonly #sockets = new Set<Socket>();
  #agent: Promise<NetworkAgent> | null = null;
  #isClosed = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** Opens what the network has from the start. @throws SandboxError */
  async open(signal: AbortSignal): Promise<void> {
    const { network } = this.#options;
    if (network.mode === 'none') return;
    if (hasProxy(network)) await this.#openProxy(signal);
    for (const port of network.hostPorts ?? []) await this.reach(port, signal);
    for (const port of network.sharedPorts ?? []) await this.share(port, signal);
  }

  /**
   * Makes a port of this machine's loopback one of the loopback inside, for each connection that is admitted.
   *
   * @throws SandboxError `port_refused`
   */
  async reach(port: number, signal: AbortSignal, isAdmitted: Admission = always): Promise<void> {
    const { outside } = this.#options;
    const reached = async (inner: Socket): Promise<void> => {
      if (!isAdmitted()) return void inner.resetAndDestroy();
      for (const address of ['127.0.0.1', '::1']) {
        try {
          this.#relay(inner, await outside.connect(address, port, signalOfLoopback()));
          return;
        } catch {
          // it listens at the other address, or the connection ends below as one that nobody took
        }
      }
      inner.resetAndDestroy();
    };
    await this.#listenInside(port, signal, (inner) => void reached(inner));
  }

  /**
   * Makes a port of the loopback inside one of this machine's loopback, for each connection that is admitted.
   *
   * @throws SandboxError `port_refused`
   */
  async share(port: number, signal: AbortSignal, isAdmitted: Admission = always): Promise<void> {
    const agent = await this.#start(port, signal);
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    server.on('connection', (outer) => {
      if (isAdmitted()) void this.#enter(agent, outer, port);
      else outer.resetAndDestroy();
    });
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening', { signal });
    } catch (error) {
      server.close();
      throw refused(port, 'on this machine', error);
    }
    this.#keep(server);
  }

  /** Ends all connections; nothing is reached any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
    // one that did not start has nothing to end
    (await this.#agent?.catch(() => null))?.close();
  }

  async #openProxy(signal: AbortSignal): Promise<void> {
    const { network, outside } = this.#options;
    const connect = async (...args: Parameters<Outside['connect']>): Promise<Socket> =>
      this.#hold(await outside.connect(...args));
    const proxy = proxyOf(network, { ...outside, connect });
    await this.#listenInside(PROXY_PORT, signal, (inner) => proxy.emit('connection', this.#hold(inner)));
  }

  async #listenInside(port: number, signal: AbortSignal, each: (inner: Socket) => void): Promise<void> {
    const agent = await this.#start(port, signal);
    try {
      const server = await agent.listen(port);
      server.on('connection', each);
      this.#keep(server);
    } catch (error) {
      throw refused(port, 'inside', error);
    }
  }

  async #enter(agent: NetworkAgent, outer: Socket, port: number): Promise<void> {
    this.#hold(outer);
    try {
      this.#relay(await agent.connect(port), outer);
    } catch {
      // nobody listens there yet, which the one who asks sees as that
      outer.resetAndDestroy();
    }
  }

  async #start(port: number, signal: AbortSignal): Promise<NetworkAgent> {
    if (this.#options.network.mode === 'none') {
      throw new SandboxError('port_refused', `port ${port} is not opened: this sandbox has no network`, {
        hint: 'Start it with the network local',
      });
    }
    this.#agent ??= NetworkAgent.start(this.#options.namespaces, signal);
    try {
      return await this.#agent;
    } catch (error) {
      this.#agent = null;
      throw refused(port, 'inside', error);
    }
  }

  #keep(server: Server): void {
    this.#servers.add(server);
    if (this.#isClosed) server.close();
  }

  #relay(inner: Socket, outer: Socket): void {
    relay(this.#hold(inner), this.#hold(outer));
  }

  #hold(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    if (this.#isClosed) socket.destroy();
    return socket;
  }
}

const LOOPBACK_MS = 5_000;
const signalOfLoopback = (): AbortSignal => AbortSignal.timeout(LOOPBACK_MS);

function refused(port: number, where: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const isTaken = error.code === 'EADDRINUSE';
  const why = isTaken ? 'something listens there already' : `the system says ${error.code}`;
  return new SandboxError('port_refused', `port ${port} ${where} is not opened: ${why}`, {
    hint: isTaken ? 'Choose another port, or end what listens there' : 'Ports below 1024 are for root',
    cause: error,
  });
}
