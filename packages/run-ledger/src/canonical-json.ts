import { hash } from 'node:crypto';

/** Anything that JSON can say. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

type JsonObject = Extract<Json, { readonly [key: string]: Json | undefined }>;

export const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

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
  return `{${canonicalMembers(value).join(',')}}`;
}

/** The `"key":value` texts of an object, as canonical JSON orders and writes them. */
export function canonicalMembers(value: JsonObject): string[] {
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return members;
}

/** True of what `JSON.parse` can return, with members that may be `undefined`. */
export function isJson(value: unknown): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every(isJson);
  return isPlain(value) && Object.values(value).every((member) => member === undefined || isJson(member));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** SHA-256 in lower-case hex, of text as UTF-8 or of bytes. */
export const sha256 = (data: string | Uint8Array): string => hash('sha256', data, 'hex');

/** The digest to record in place of arguments or a result: SHA-256 of their canonical JSON. */
export const digestJson = (value: Json): string => sha256(canonicalJson(value));
