/** The part of SOCKS version 5 (RFC 1928) that a browser speaks to a proxy without a password: CONNECT. */
import { isIP } from 'node:net';
import type { Endpoint } from './origin-rules.ts';

const VERSION = 5;
const NO_PASSWORD = 0;
const CONNECT = 1;
const ADDRESS = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** Answers to a request. */
export const REPLY = {
  done: 0,
  failed: 1,
  forbidden: 2,
  unreachable: 4,
  refused: 5,
  unknownCommand: 7,
} as const;

export type Reply = keyof typeof REPLY;

/** What stands at the beginning of the bytes so far; `more` when they are not all there yet. */
export type Parsed<T> = { readonly value: T; readonly length: number } | 'more' | 'wrong';

/** The greeting: whether the client goes without a password. */
export function parseGreeting(bytes: Buffer): Parsed<boolean> {
  const [version, count] = bytes;
  if (version !== undefined && version !== VERSION) return 'wrong';
  if (count === undefined || bytes.length < 2 + count) return 'more';
  return { value: bytes.subarray(2, 2 + count).includes(NO_PASSWORD), length: 2 + count };
}

export const GREETING_ANSWER = {
  welcome: Buffer.from([VERSION, NO_PASSWORD]),
  refused: Buffer.from([VERSION, 0xff]),
};

/** The request: where to connect to; `null` for a command other than CONNECT. */
export function parseRequest(bytes: Buffer): Parsed<Endpoint | null> {
  const [version, command, , kind, first] = bytes;
  if (version !== undefined && version !== VERSION) return 'wrong';
  if (kind === undefined || first === undefined) return 'more';
  const from = kind === ADDRESS.name ? 5 : 4;
  const size = kind === ADDRESS.ipv4 ? 4 : kind === ADDRESS.ipv6 ? 16 : kind === ADDRESS.name ? first : null;
  if (size === null || size === 0) return 'wrong';
  const length = from + size + 2;
  if (bytes.length < length) return 'more';
  const host = hostOf(kind, bytes.subarray(from, from + size));
  if (host === null) return 'wrong';
  const port = bytes.readUInt16BE(from + size);
  return { value: command === CONNECT ? { host, port } : null, length };
}

function hostOf(kind: number, bytes: Buffer): string | null {
  if (kind === ADDRESS.ipv4) return bytes.join('.');
  if (kind === ADDRESS.ipv6) {
    const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
    return canonical(`[${words.join(':')}]`);
  }
  return canonical(bytes.toString('latin1'));
}

/** As browsers compare hosts, so that 127.1 is 127.0.0.1 and a last dot counts for nothing. */
function canonical(host: string): string | null {
  const bare = isIP(host) === 6 ? `[${host}]` : host.replace(/\.$/, '');
  if (!/^[[\]\w.:-]+$/.test(bare) || !URL.canParse(`http://${bare}/`)) return null;
  return new URL(`http://${bare}/`).hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The answer to a request; the address in it says nothing. */
export const replyTo = (reply: Reply): Buffer =>
  Buffer.from([VERSION, REPLY[reply], 0, ADDRESS.ipv4, 0, 0, 0, 0, 0, 0]);
