import { inTime } from '@deskhand/grants';
import type { FetchLike } from '@modelcontextprotocol/client';

/** Of one request, to the end of its answer. */
const REQUEST_MS = 30_000;
const MOST_BYTES = 1024 ** 2;

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

export interface FetchLimits {
  readonly signal?: AbortSignal;
  readonly ms?: number;
}

/** A fetch for that way. What has secrets in it follows no redirect; answers are whole, in time and not large. */
export function carefulFetch(
  serverUrl: string,
  { signal: caller = new AbortController().signal, ms = REQUEST_MS }: FetchLimits = {},
): FetchLike {
  const isNear = isLoopback(new URL(serverUrl));
  return async (to, init) => {
    const url = safeUrl(to, serverUrl);
    const hasBody = init?.method !== undefined && init.method !== 'GET';
    const redirect = hasBody || !isNear ? 'error' : 'manual';
    return inTime(ms, caller, async (signal) => whole(await fetch(url, { ...init, redirect, signal })));
  };
}

async function whole(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const body: AsyncIterable<Uint8Array> = response.body;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > MOST_BYTES) throw new Error(`the answer has more than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), response);
}

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
