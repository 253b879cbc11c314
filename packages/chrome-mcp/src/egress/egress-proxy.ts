import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, createServer, isIP, type LookupFunction, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { EgressRefusal, Endpoint, OriginRules } from './origin-rules.ts';
import { GREETING_ANSWER, parseGreeting, parseRequest, replyTo, type Parsed, type Reply } from './socks.ts';

const DIAL_MS = 30_000;
/** A client that has not said by then where it wants to go is none. */
const HANDSHAKE_MS = DIAL_MS + 10_000;
const MAX_HANDSHAKE_BYTES = 1024;

/** Why an allowed connection failed. */
export type DialFailure = Extract<Reply, 'unreachable' | 'refused'> | 'unresolved';

export interface EgressProxyOptions {
  readonly rules: Pick<OriginRules, 'judge' | 'judgeAddresses'>;
  /** Looks a name up; the system's resolver unless told. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Told of every connection that was refused. */
  readonly onRefusal?: (endpoint: Endpoint, refusal: EgressRefusal) => void;
  /** Told of every connection that was allowed and failed. */
  readonly onFailure?: (endpoint: Endpoint, failure: DialFailure) => void;
  readonly onConnect?: (endpoint: Endpoint) => void;
}

/**
 * The one way out of a browser: a SOCKS proxy on loopback that connects where the rules allow and nowhere else. Every
 * hop, frame, worker, WebSocket, beacon and prefetch of every page goes through it, and a name leads to the addresses
 * that were judged, not to those of a second look.
 */
export class EgressProxy {
  readonly #options: EgressProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #tunnels = new Map<Socket, Endpoint>();

  private constructor(options: EgressProxyOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => void this.#serve(client));
  }

  static async start(options: EgressProxyOptions): Promise<EgressProxy> {
    const proxy = new EgressProxy(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
    return address.port;
  }

  /** Arguments that leave a browser no other way out; that of WebRTC had another name before. */
  get browserFlags(): readonly string[] {
    return [
      `--proxy-server=socks5://127.0.0.1:${this.port}`,
      '--proxy-bypass-list=<-loopback>',
      // names are looked up at the other end, and by nobody else
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
      ...['webrtc', 'force-webrtc'].map((name) => `--${name}-ip-handling-policy=disable_non_proxied_udp`),
      '--disable-quic',
    ];
  }

  /** Ends the connections that are not allowed any more. */
  review(): void {
    for (const [socket, endpoint] of this.#tunnels) {
      if (!this.#judgeConnected(endpoint, socket).allowed) socket.destroy();
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(client: Socket): Promise<void> {
    this.#keep(client);
    client.setTimeout(HANDSHAKE_MS, () => client.destroy());
    try {
      const reader = new Handshake(client);
      if (!(await reader.next(parseGreeting))) {
        part(client, GREETING_ANSWER.refused);
        return;
      }
      client.write(GREETING_ANSWER.welcome);
      const endpoint = await reader.next(parseRequest);
      if (endpoint === null) {
        part(client, replyTo('unknownCommand'));
        return;
      }
      const upstream = await this.#dial(endpoint);
      if (typeof upstream === 'string') {
        part(client, replyTo(upstream));
        return;
      }
      client.setTimeout(0);
      this.#tunnels.set(upstream, endpoint);
      upstream.on('close', () => this.#tunnels.delete(upstream));
      client.write(replyTo('done'));
      join(client, upstream, reader.rest());
    } catch {
      client.destroy(); // it went away, or is no browser
    }
  }

  /** A connection to where the rules allow, or the answer to who wanted it. */
  async #dial(endpoint: Endpoint): Promise<Socket | Reply> {
    const { rules, resolve = addressesOf } = this.#options;
    const byName = rules.judge(endpoint);
    if (!byName.allowed) return this.#refuse(endpoint, byName);
    const addresses =
      isIP(endpoint.host) === 0 ? await resolve(endpoint.host).catch(() => []) : [endpoint.host];
    if (addresses.length === 0) return this.#fail(endpoint, 'unresolved');
    const judged = rules.judgeAddresses(endpoint, addresses);
    return judged.allowed ? this.#connect(endpoint, judged.addresses) : this.#refuse(endpoint, judged);
  }

  #refuse(endpoint: Endpoint, refusal: EgressRefusal): Reply {
    this.#options.onRefusal?.(endpoint, refusal);
    return 'forbidden';
  }

  #fail(endpoint: Endpoint, failure: DialFailure): Reply {
    this.#options.onFailure?.(endpoint, failure);
    return failure === 'refused' ? 'refused' : 'unreachable';
  }

  async #connect({ host, port }: Endpoint, addresses: readonly string[]): Promise<Socket | Reply> {
    const upstream = connect({
      ...{ host, port, lookup: only(addresses) },
      ...{ autoSelectFamily: true, noDelay: true, allowHalfOpen: true },
    });
    this.#keep(upstream);
    try {
      await once(upstream, 'connect', { signal: AbortSignal.timeout(DIAL_MS) });
    } catch (error) {
      upstream.destroy();
      const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
      return this.#fail({ host, port }, isRefused ? 'refused' : 'unreachable');
    }
    // what was allowed when the dialling began may be revoked by now
    const judged = this.#judgeConnected({ host, port }, upstream);
    if (!judged.allowed) {
      upstream.destroy();
      return this.#refuse({ host, port }, judged);
    }
    this.#options.onConnect?.({ host, port });
    return upstream;
  }

  #judgeConnected(endpoint: Endpoint, { remoteAddress }: Socket): ReturnType<OriginRules['judgeAddresses']> {
    return this.#options.rules.judgeAddresses(endpoint, remoteAddress === undefined ? [] : [remoteAddress]);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined); // its end is what counts
  }
}

/** Reads the parts of a handshake, however they are cut. */
class Handshake {
  readonly #client: Socket;
  readonly #closed: Promise<void>;
  #bytes = Buffer.alloc(0);

  constructor(client: Socket) {
    this.#client = client;
    this.#closed = new Promise((resolve) => client.once('close', () => resolve()));
  }

  /** @throws when the client says something else, too much, or goes away */
  async next<T>(parse: (bytes: Buffer) => Parsed<T>): Promise<T> {
    for (;;) {
      const parsed = parse(this.#bytes);
      if (parsed === 'wrong' || this.#bytes.length > MAX_HANDSHAKE_BYTES)
        throw new Error('this is not SOCKS 5');
      if (parsed !== 'more') {
        this.#bytes = this.#bytes.subarray(parsed.length);
        return parsed.value;
      }
      this.#bytes = Buffer.concat([this.#bytes, await this.#chunk()]);
    }
  }

  /** What came after the handshake already. */
  rest(): Buffer {
    return this.#bytes;
  }

  async #chunk(): Promise<Buffer> {
    for (;;) {
      const chunk: unknown = this.#client.read();
      if (Buffer.isBuffer(chunk)) return chunk;
      if (this.#client.readableEnded || this.#client.destroyed) throw new Error('the client went away');
      const stopped = new AbortController();
      const readable = once(this.#client, 'readable', { signal: stopped.signal });
      readable.catch(() => undefined); // stopped listening, or the client went away: seen above
      await Promise.race([readable, this.#closed]).finally(() => stopped.abort());
    }
  }
}

/** Says the last word, and does not wait for another. */
function part(client: Socket, word: Buffer): void {
  client.end(word, () => client.destroySoon());
}

function join(client: Socket, upstream: Socket, first: Buffer): void {
  if (first.length > 0) upstream.write(first);
  const either = (): void => undefined; // the end of one is the end of both, which pipeline sees to
  pipeline(client, upstream, either);
  pipeline(upstream, client, either);
}

/** A lookup that gives these addresses and no others. */
const only =
  (addresses: readonly string[]): LookupFunction =>
  (_host, { all }, give) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    const [first] = found;
    if (all === true) give(null, found);
    else give(null, first?.address ?? '', first?.family);
  };

const addressesOf = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true })).map(({ address }) => address);
