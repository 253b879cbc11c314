import type { Protocol } from 'devtools-protocol';
import { setTimeout as delay } from 'node:timers/promises';
import type { Interceptor, PausedRequest, Verdict } from '../../browser/interception.ts';

/** What is done with requests whose address fits a pattern. */
export interface Route {
  readonly id: number;
  /** Part of an address, or all of it with * for anything. */
  readonly url: string;
  readonly method: string | null;
  /** `null` leaves the request to the network, after the delay. */
  readonly answer: 'block' | MockedAnswer | null;
  /** Milliseconds. */
  readonly delay: number;
  /** How often it was applied. */
  hits: number;
}

export interface MockedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The last route that fits decides. */
export const interceptorOf = (routes: readonly Route[]): Interceptor => ({
  kind: 'rule',
  patterns: routes.map(({ url }) => ({ urlPattern: patternOf(url) })),
  decide: async (paused) => {
    const route = routes.findLast((candidate) => fits(candidate, paused));
    if (route === undefined) return null;
    route.hits += 1;
    if (route.delay > 0) await delay(route.delay, undefined, { ref: false });
    return verdictOf(route, paused);
  },
});

const patternOf = (url: string): string => (url.includes('*') ? url : `*${url}*`);

function fits({ url, method }: Route, { request }: PausedRequest): boolean {
  if (method !== null && method !== request.method) return false;
  const parts = patternOf(url)
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(request.url);
}

function verdictOf({ answer }: Route, { request }: PausedRequest): Verdict | null {
  if (answer === null) return null;
  if (answer === 'block') return { kind: 'fail', reason: 'BlockedByClient' };
  const given = Object.entries(answer.headers).map(([name, value]) => ({ name, value }));
  const body = Buffer.from(answer.body);
  const headers = [...withDefaults(given, answer.body), ...openTo(request, given)];
  return { kind: 'fulfil', status: answer.status, headers, body };
}

const has = (headers: readonly Protocol.Fetch.HeaderEntry[], wanted: string): boolean =>
  headers.some(({ name }) => name.toLowerCase() === wanted);

function withDefaults(
  given: readonly Protocol.Fetch.HeaderEntry[],
  body: string,
): readonly Protocol.Fetch.HeaderEntry[] {
  const isJson = /^\s*[[{]/.test(body);
  const type = { name: 'content-type', value: isJson ? 'application/json' : 'text/html; charset=utf-8' };
  return has(given, 'content-type') ? given : [...given, type];
}

/** Other origins may read what was made up for them. */
function openTo(
  { headers }: Protocol.Network.Request,
  given: readonly Protocol.Fetch.HeaderEntry[],
): readonly Protocol.Fetch.HeaderEntry[] {
  const origin = Object.entries(headers).find(([name]) => name.toLowerCase() === 'origin')?.[1];
  if (origin === undefined || has(given, 'access-control-allow-origin')) return [];
  return [
    { name: 'access-control-allow-origin', value: origin },
    { name: 'access-control-allow-credentials', value: 'true' },
    { name: 'access-control-allow-headers', value: '*, authorization, content-type' },
    { name: 'access-control-allow-methods', value: '*, PUT, PATCH, DELETE' },
  ];
}
