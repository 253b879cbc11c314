import type { FetchLike } from '@modelcontextprotocol/client';

/**
 * A fetch for the way to a login, whose URLs a server names: over https only, but for a server of this computer, which may
 * name others of this computer. What has secrets in it follows no redirect.
 */
export function carefulFetch(serverUrl: string): FetchLike {
  const isNear = isLoopback(new URL(serverUrl));
  return async (to, init) => {
    const url = new URL(to);
    if (url.protocol !== 'https:' && !(isNear && isLoopback(url)))
      throw new Error(
        `${url.origin} is not asked for a login of ${new URL(serverUrl).origin}: it is not over https`,
      );
    const hasBody = init?.method !== undefined && init.method !== 'GET';
    return fetch(url, { ...init, redirect: hasBody || !isNear ? 'error' : 'manual' });
  };
}

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
