import { setMaxListeners } from 'node:events';
import { z } from 'zod';
import { CommandFailed, ConnectionClosed, type CdpSession, type Connection } from './connection.ts';
import { FlatSessions } from './flat-sessions.ts';

const event = z.object({
  method: z.string(),
  params: z.unknown().optional(),
  sessionId: z.string().default(''),
});
const refusal = z.object({ response: z.object({ code: z.number(), message: z.string() }) });

/** What is used of the client; its own types know another version of the protocol. */
interface Client {
  on(event: 'event' | 'disconnect', hear: (message: unknown) => void): void;
  send(command: string, params: object, sessionId?: string): Promise<unknown>;
  close(): Promise<void>;
}

const client = z.custom<Client>();

/** Not asked of the browser: commands go by their names. */
const NO_DOMAINS = { version: { major: '1', minor: '3' }, domains: [] };

/** The socket of a browser that runs already; closing it leaves the browser as it is. */
export class RemoteConnection implements Connection {
  readonly browser: CdpSession;
  readonly #client: Client;
  readonly #sessions: FlatSessions;
  readonly #closed = new AbortController();

  private constructor(client: Client) {
    this.#client = client;
    // each session hears of the end
    setMaxListeners(0, this.#closed.signal);
    this.#sessions = new FlatSessions((command, params, sessionId) =>
      this.#transmit(command, params, sessionId),
    );
    this.browser = this.#sessions.session('');
    client.on('event', (message: unknown) => {
      const { method, params, sessionId } = event.parse(message);
      this.#sessions.deliver(sessionId, method, params);
    });
    client.on('disconnect', () => this.#end('the browser ended, or closed the connection'));
  }

  /** @param url where its socket is, `ws://…/devtools/browser/…` */
  static async to(url: string): Promise<RemoteConnection> {
    const { default: connect } = await import('chrome-remote-interface');
    return new RemoteConnection(client.parse(await connect({ target: url, protocol: NO_DOMAINS })));
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  session(id: string): CdpSession {
    return this.#sessions.session(id);
  }

  close(): void {
    if (this.#closed.signal.aborted) return;
    this.#end('the connection was closed');
    // the socket is of no more use, however its end goes
    this.#client.close().catch(() => undefined);
  }

  async #transmit(command: string, params: object, sessionId: string): Promise<unknown> {
    try {
      return await this.#client.send(command, params, sessionId === '' ? undefined : sessionId);
    } catch (cause) {
      const { data } = refusal.safeParse(cause);
      if (data !== undefined) throw new CommandFailed(command, data.response);
      throw new ConnectionClosed(`${command}: the connection is gone`, { cause });
    }
  }

  #end(reason: string): void {
    if (this.#closed.signal.aborted) return;
    this.#sessions.end(reason);
    this.#closed.abort(new ConnectionClosed(reason));
  }
}
