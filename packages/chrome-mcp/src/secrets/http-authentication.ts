import type { Interceptor } from '../browser/interception.ts';
import type { Secrets } from './secrets.ts';

/** Answers HTTP authentication with what the person gave for an origin; `null` when they gave nothing. */
export function httpAuthentication(secrets: Secrets): Interceptor | null {
  const patterns = secrets.authenticated.flatMap(urlPatterns);
  if (patterns.length === 0) return null;
  return {
    kind: 'rule',
    patterns: patterns.map((urlPattern) => ({ urlPattern })),
    decide: () => Promise.resolve(null),
    authenticate: (origin) => secrets.credentials(origin),
  };
}

/** Which requests are looked at; whether the origin is the right one is judged when it asks. */
const urlPatterns = (pattern: string): readonly string[] =>
  pattern.includes('://*.') ? [`${pattern}/*`, `${pattern.replace('://*.', '://')}/*`] : [`${pattern}/*`];
