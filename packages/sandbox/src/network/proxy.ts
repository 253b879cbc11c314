import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Destination } from './domain.ts';
import type { Outside } from './outside.ts';
import type { Network } from './network.ts';
import { policyOf, Refusal, type Policy } from './policy.ts';
import { relay } from './relay.ts';

interface ProxyOptions {
  readonly policy: Policy;
  readonly outside: Outside;
}

const CONNECT_MS = 20_000;
const HOP_BY_HOP = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'host'],
];

/** What a network lets through. @throws SandboxError `domain_invalid` */
export function proxyOf(network: Network, outside: Outside): Server {
  const domains = network.mode === 'allowlist' ? network.domains : [];
  const lan = network.mode !== 'none' && network.lan === true;
  return createProxy({ policy: policyOf({ domains, lan, resolve: outside.resolve }), outside });
}

/** A proxy for `CONNECT` and plain HTTP. It has no port of its own: connections are given to it with `connection`. */
function createProxy(options: ProxyOptions): Server {
  const server = createServer((asked, answer) => void passOn(options, asked, answer));
  server.on('connect', (asked: IncomingMessage, inner: Duplex, head: Buffer) => {
    void tunnel(options, asked, { inner, head });
  });
  server.on('clientError', (_, socket) => socket.destroy());
  return server;
}

async function tunnel(
  options: ProxyOptions,
  { url = '' }: IncomingMessage,
  { inner, head }: { readonly inner: Duplex; readonly head: Buffer },
): Promise<void> {
  inner.on('error', () => inner.destroy());
  try {
    const outer = await reach(options, destinationOf(`tunnel://${url}`, 443));
    if (!(inner instanceof Socket) || inner.destroyed) return void outer.destroy();
    inner.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) outer.write(head);
    relay(inner, outer);
  } catch (error) {
    const { status, reason, words } = failureOf(error);
    const length = Buffer.byteLength(words);
    inner.end(
      `HTTP/1.1 ${status} ${reason}\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${words}`,
    );
  }
}

async function passOn(options: ProxyOptions, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  try {
    const destination = destinationOf(asked.url ?? '', 80);
    const socket = await reach(options, destination);
    if (answer.destroyed) return void socket.destroy();
    const { pathname, search, host } = new URL(asked.url ?? '');
    const onward = request({
      // with an agent, of whatever kind, that would connect by itself
      ...{ createConnection: () => socket, setHost: false },
      ...{ method: asked.method, path: pathname + search },
      // the host that was judged, whatever the program wrote there
      headers: { ...plain(asked.headers), host, connection: 'close' },
    });
    onward.on('response', (received) => {
      answer.writeHead(received.statusCode ?? 502, plain(received.headers));
      received.on('error', () => answer.destroy()).pipe(answer);
    });
    onward.on('error', (error) => answerFailure(answer, error));
    answer.on('close', () => onward.destroy());
    asked.on('error', () => onward.destroy()).pipe(onward);
  } catch (error) {
    answerFailure(answer, error);
  }
}

const plain = (headers: IncomingMessage['headers']): IncomingMessage['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));

async function reach({ policy, outside }: ProxyOptions, destination: Destination): Promise<Socket> {
  const addresses = await policy(destination);
  const signal = AbortSignal.timeout(CONNECT_MS);
  let failure: unknown = null;
  for (const address of addresses) {
    try {
      return await outside.connect(address, destination.port, signal);
    } catch (error) {
      // another address of the host may answer
      failure = error;
    }
  }
  throw failure;
}

/** @throws Refusal when it is none */
function destinationOf(url: string, port: number): Destination {
  if (!URL.canParse(url)) throw new Refusal(`${JSON.stringify(url)} is nothing that this proxy reaches`);
  const { protocol, hostname, port: written, username, password } = new URL(url);
  if (!['http:', 'tunnel:'].includes(protocol) || username !== '' || password !== '' || hostname === '') {
    throw new Refusal(`${JSON.stringify(url)} is nothing that this proxy reaches: use https or plain http`);
  }
  return { host: hostname, port: written === '' ? port : Number(written) };
}

interface Failure {
  readonly status: 403 | 502;
  readonly reason: string;
  readonly words: string;
}

function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) return { status: 403, reason: 'Forbidden', words: `${error.message}\n` };
  const why = error instanceof Error ? error.message : String(error);
  return { status: 502, reason: 'Bad Gateway', words: `it cannot be reached: ${why}\n` };
}

function answerFailure(answer: ServerResponse, error: unknown): void {
  const { status, words } = failureOf(error);
  if (answer.headersSent) return void answer.destroy();
  const length = Buffer.byteLength(words);
  answer.writeHead(status, { 'content-type': 'text/plain', 'content-length': length, connection: 'close' });
  answer.end(words);
}
