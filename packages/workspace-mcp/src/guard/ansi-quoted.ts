import type { AnsiCQuotedPart } from 'unbash';
import { byteName, joinedBytes } from '../files/byte-names.ts';

const ESCAPE =
  /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|c([^])|([abeEfnrtv\\'"?]))/g;

const ONE: Readonly<Record<string, string>> = {
  ...{ a: '\u0007', b: '\b', e: '\u001b', E: '\u001b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
  ...{ '\\': '\\', "'": "'", '"': '"', '?': '?' },
};

/** The text that `$'…'` stands for in bash; the parser has no way to say bytes that are none. */
export function ansiQuoted({ text: source, value }: Pick<AnsiCQuotedPart, 'text' | 'value'>): string {
  if (!value.includes('\ufffd')) return value;
  const text = source
    .slice(2, -1)
    .replaceAll(ESCAPE, (all, ...codes: readonly (string | undefined)[]) => escapedBy(codes) ?? all);
  // bash takes what is before the first NUL
  return joinedBytes(text.split('\0')[0] ?? '');
}

function escapedBy([hex, octal, short, long, control, one]: readonly (string | undefined)[]): string | null {
  const byte = hex === undefined ? octal && Number.parseInt(octal, 8) : Number.parseInt(hex, 16);
  if (typeof byte === 'number') return byteName(byte & 0xff);
  const code = Number.parseInt(short ?? long ?? '', 16);
  if (code <= 0x10ffff) return String.fromCodePoint(code).replaceAll(/\p{Cs}/gu, '\ufffd');
  if (control === '?') return '\u007f';
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f);
  return one === undefined ? null : (ONE[one] ?? null);
}
