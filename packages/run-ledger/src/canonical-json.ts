import { createHash } from 'node:crypto';

/** Anything that JSON can say. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/**
 * JSON with sorted keys and no white space, so that equal values give equal bytes (RFC 8785).
 * Properties that are `undefined` are left out.
 * @throws TypeError for a number that JSON cannot say
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is not JSON`);
    return JSON.stringify(value);
  }
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** SHA-256 in lower-case hex, of text as UTF-8 or of bytes. */
export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** The digest to record in place of arguments or a result: SHA-256 of their canonical JSON. */
export const digestJson = (value: Json): string => sha256(canonicalJson(value));
