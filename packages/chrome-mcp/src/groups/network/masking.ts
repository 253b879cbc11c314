import { hidden } from '../masking.ts';
import type { Headers } from './exchange.ts';

const SECRET = /^(?:proxy-)?authorization$|^x-.*(?:key|token|secret|auth)|token$|secret$|api-?key$/i;

/** Headers as they may be told: names of cookies are kept, and what they and keys are worth is not. */
export const maskedHeaders = (headers: Headers): readonly (readonly [string, string])[] =>
  Object.entries(headers).map(([name, value]) => [name, masked(name.toLowerCase(), value)]);

function masked(name: string, value: string): string {
  if (name === 'cookie') return value.split('; ').map(maskedPair).join('; ');
  if (name === 'set-cookie') return value.split('\n').map(maskedCookie).join('\n');
  if (!SECRET.test(name)) return value;
  const [scheme, ...rest] = value.split(' ');
  return rest.length === 0 ? hidden(value) : `${scheme ?? ''} ${hidden(rest.join(' '))}`;
}

function maskedCookie(cookie: string): string {
  const [pair = '', ...attributes] = cookie.split(';');
  return [maskedPair(pair), ...attributes].join(';');
}

function maskedPair(pair: string): string {
  const at = pair.indexOf('=');
  return at === -1 ? hidden(pair) : `${pair.slice(0, at)}=${hidden(pair.slice(at + 1))}`;
}
