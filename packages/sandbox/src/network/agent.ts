import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Server, Socket } from 'node:net';
import { z } from 'zod';
import type { Namespaces } from '../confined.ts';

/** Says why the kernel did not make a socket, with its code: `EADDRINUSE`, `ECONNREFUSED`. */
class SocketError extends Error {
  override readonly name = 'SocketError';
  readonly code: string;

  constructor(code: string) {
    super(`no socket: ${code}`);
    this.code = code;
  }
}

/** Makes sockets where it runs and gives them away; it never reads from one. */
const SCRIPT = `
const net = require('node:net');
process.on('disconnect', () => process.exit());
process.on('message', ({ id, verb, port }) => {
  const failed = ({ code }) => process.send({ id, failure: String(code) });
  if (verb === 'listen') {
    const server = net.createServer({ pauseOnConnect: true }).once('error', failed);
    server.listen(port, '127.0.0.1', () => process.send({ id }, server, () => server.close()));
  } else {
    const socket = new net.Socket().once('error', failed);
    socket.pause().connect({ host: '127.0.0.1', port }, () => process.send({ id }, socket));
  }
});
process.send({ id: 0 });
`;

const answer = z.object({ id: z.number(), failure: z.string().optional() });

type Made = Socket | Server;

/** A process in the network of a sandbox, but in no other of its namespaces: it gives sockets there to this process. */
export class NetworkAgent {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (made: Made | SocketError) => void>();
  #last = 0;
  #isGone = false;

  private constructor({ network, user }: Namespaces) {
    const own = user === null ? [] : ['--user=/proc/self/fd/5', '--preserve-credentials'];
    const run = [process.execPath, '--input-type=commonjs', '--eval', SCRIPT];
    this.#process = spawn('nsenter', [...own, '--net=/proc/self/fd/4', '--', ...run], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc', network.fd, user?.fd ?? 'ignore'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      cwd: '/',
      detached: true,
    });
    this.#process.on('error', () => this.#gone());
    this.#process.on('close', () => this.#gone());
    this.#process.on('message', (message, made) => this.#answered(message, made));
  }

  /** @throws SocketError when it cannot be there */
  static async start(namespaces: Namespaces, signal: AbortSignal): Promise<NetworkAgent> {
    const agent = new NetworkAgent(namespaces);
    const isUp = once(agent.#process, 'message', { signal }).then(() => true);
    try {
      if (await Promise.race([isUp, once(agent.#process, 'close', { signal }).then(() => false)]))
        return agent;
    } catch (error) {
      agent.close();
      throw error;
    }
    throw new SocketError('ENETUNREACH');
  }

  /** Listens on the loopback inside. @throws SocketError */
  async listen(port: number): Promise<Server> {
    const made = await this.#ask('listen', port);
    if (made instanceof Server) return made;
    throw new SocketError('EPROTO');
  }

  /** Connects to a port on the loopback inside. @throws SocketError */
  async connect(port: number): Promise<Socket> {
    const made = await this.#ask('connect', port);
    if (made instanceof Socket) return made;
    throw new SocketError('EPROTO');
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }

  async #ask(verb: 'listen' | 'connect', port: number): Promise<Made> {
    const id = (this.#last += 1);
    const made = await new Promise<Made | SocketError>((resolve) => {
      this.#waiting.set(id, resolve);
      if (this.#isGone) this.#gone();
      this.#process.send({ id, verb, port }, (error) => {
        if (error !== null) this.#gone();
      });
    });
    if (made instanceof SocketError) throw made;
    return made;
  }

  #answered(message: unknown, made: unknown): void {
    const { id, failure } = answer.parse(message);
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    const isMade = made instanceof Socket || made instanceof Server;
    settle?.(isMade ? made : new SocketError(failure ?? 'ECONNRESET'));
  }

  #gone(): void {
    this.#isGone = true;
    for (const settle of this.#waiting.values()) settle(new SocketError('ENETDOWN'));
    this.#waiting.clear();
  }
}
