import { canonicalJson, canonicalMembers, isList, sha256, type Json } from './canonical-json.ts';

type Fields = { readonly [key: string]: Json | undefined };

const HASH = '"hash":';

const braced = (members: readonly string[]): string => `{${members.join(',')}}`;

/** A line and its hash. */
interface HashedLine {
  readonly hash: string;
  readonly line: string;
}

/** Canonical JSON of `fields` with a `hash` member: SHA-256 of `prefix` and the canonical JSON without it. */
export function hashedLine(fields: Fields, prefix: string): HashedLine {
  const members = Object.entries(fields);
  const before = Object.fromEntries(members.filter(([name]) => name < 'hash'));
  const after = Object.fromEntries(members.filter(([name]) => name > 'hash'));
  return hashedHalves(before, after, prefix);
}

/** The same for fields that are already parted, none of the parts empty: by name before `hash`, and after it. */
export function hashedHalves(before: Fields, after: Fields, prefix: string): HashedLine {
  const start = textOf(before).slice(0, -1);
  const end = textOf(after).slice(1);
  const hash = sha256(`${prefix}${start},${end}`);
  return { hash, line: `${start},${HASH}"${hash}",${end}` };
}

/** Canonical JSON; of what is in order already, in half the time. */
const textOf = (fields: Fields): string =>
  isInOrder(fields) ? JSON.stringify(fields) : canonicalJson(fields);

/** Whether `JSON.stringify` writes a value as canonical JSON has it. */
function isInOrder(value: Json): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (isList(value)) return value.every(isInOrder);
  let last = '';
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (name < last || (member !== undefined && !isInOrder(member))) return false;
    last = name;
  }
  return true;
}

/** What is wrong with a line that should be canonical JSON of `value` with the right hash; `undefined` if nothing. */
export function faultOfLine(line: string, value: Fields, prefix: string): string | undefined {
  const members = canonicalMembers(value);
  if (braced(members) !== line) return 'not written in canonical form';
  const hashed = braced(members.filter((member) => !member.startsWith(HASH)));
  return value['hash'] === sha256(prefix + hashed) ? undefined : 'hash does not match the line';
}
