import { canonicalMembers, sha256, type Json } from './canonical-json.ts';

type Fields = { readonly [key: string]: Json | undefined };

const HASH = '"hash":';

const braced = (members: readonly string[]): string => `{${members.join(',')}}`;

/** Canonical JSON of `fields` with a `hash` member: SHA-256 of `prefix` and the canonical JSON without it. */
export function hashedLine(fields: Fields, prefix: string): { readonly hash: string; readonly line: string } {
  const members = canonicalMembers(fields);
  const hash = sha256(prefix + braced(members));
  const later = members.findIndex((member) => member > HASH);
  members.splice(later < 0 ? members.length : later, 0, `${HASH}"${hash}"`);
  return { hash, line: braced(members) };
}

/** What is wrong with a line that should be canonical JSON of `value` with the right hash; `undefined` if nothing. */
export function faultOfLine(line: string, value: Fields, prefix: string): string | undefined {
  const members = canonicalMembers(value);
  if (braced(members) !== line) return 'not written in canonical form';
  const hashed = braced(members.filter((member) => !member.startsWith(HASH)));
  return value['hash'] === sha256(prefix + hashed) ? undefined : 'hash does not match the line';
}
