import type { FetchLike } from '@modelcontextprotocol/client';

/**
 * A URL on the way to a login, which the server names: over https only, but for a server of this computer, which may name
 * others of this computer.
 *
 * @throws Error
 */
export function safeUrl(to: URL | string, serverUrl: string): URL {
  const [url, server] = [new URL(to), new URL(serverUrl)];
  if (url.protocol === 'https:' || (isLoopback(server) && isLoopback(url))) return url;
  throw new Error(`${url.origin} is not asked for a login of ${server.origin}: it is not over https`);
}

/** A fetch for that way. What has secrets in it follows no redirect. */
export function carefulFetch(serverUrl: string): FetchLike {
  const isNear = isLoopback(new URL(serverUrl));
  return async (to, init) => {
    const hasBody = init?.method !== undefined && init.method !== 'GET';
    return fetch(safeUrl(to, serverUrl), { ...init, redirect: hasBody || !isNear ? 'error' : 'manual' });
  };
}

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
