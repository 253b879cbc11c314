import { createServer, type Server } from 'node:http';
import { isIPv4, isIPv6, type AddressInfo } from 'node:net';
import { ConfigError } from '../config/config-error.ts';
import type { HttpLimits } from './limits.ts';

/** Where a door is, or should be. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly listenFd?: number;
  readonly allowRemote?: boolean;
}

/** A server that gives up on clients that take too long to ask. */
export function createHttpServer({ headersMs, requestMs }: HttpLimits): Server {
  return createServer({
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(1_000, headersMs, requestMs),
  });
}

/** @throws ConfigError unless the address can only be reached from this machine or `allowRemote` is set. */
export function refuseRemote(host: string, { allowRemote = false }: Pick<Place, 'allowRemote'>): void {
  if (allowRemote || isLoopback(host)) return;
  throw new ConfigError(
    `host ${host}`,
    'other machines could reach it, and tokens would cross the network in the clear. Listen on 127.0.0.1 and put ' +
      'a proxy that terminates TLS in front, or pass --allow-remote if something else encrypts the way',
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** @throws ConfigError when nothing can listen there. */
export async function listen(server: Server, place: Place): Promise<AddressInfo> {
  const { host, port, listenFd } = place;
  const where = listenFd === undefined ? `${host} port ${port}` : `file descriptor ${listenFd}`;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(listenFd === undefined ? { host, port } : { fd: listenFd }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(where, `cannot be listened on (${reason}). Choose another one, or port 0`, {
      cause,
    });
  }
  const address = server.address();
  try {
    if (address === null || typeof address === 'string') throw new ConfigError(where, 'is not a TCP socket');
    refuseRemote(address.address, place);
    return address;
  } catch (error) {
    server.close();
    throw error;
  }
}

/** The addresses that need no leave of the operator: where it listens, if only this machine reaches that. */
export const ownHosts = (address: AddressInfo): readonly string[] =>
  isLoopback(address.address) ? [authorityOf(address)] : [];

export const urlOf = (address: AddressInfo): string => `http://${authorityOf(address)}`;

const authorityOf = ({ address, port }: AddressInfo): string =>
  `${isIPv6(address) ? `[${address}]` : address}:${port}`;
