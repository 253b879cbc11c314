import { byteName, joinedBytes, nameOf } from '../files/byte-names.ts';
import { printsStarts, startsOf } from './find-effects.ts';
import { UNKNOWN } from './scope.ts';
import type { Field } from './words.ts';

/** What some programs print, where that follows from what they are given: it may be a script for another one. */
export function printed(name: string, fields: readonly Field[], stdin: string): string {
  const words = fields.map(({ text, isPattern }) => (isPattern ? UNKNOWN : text));
  const first = words[0] ?? '';
  switch (name) {
    case 'echo':
      return `${echoed(words)}\n`;
    case 'printf':
      return formatted(words);
    case 'cat':
    case 'tee':
      return words.every((word) => word === '-' || name === 'tee') ? stdin : UNKNOWN;
    case 'rev':
      return words.length === 0 ? eachLine(stdin, (line) => Array.from(line).toReversed().join('')) : UNKNOWN;
    case 'base64':
      return /^(-d|-D|--decode|-di)$/.test(first) && words.length === 1 ? decoded(stdin, 'base64') : UNKNOWN;
    case 'xxd':
      return words.join(' ').replaceAll(/[ -]/g, '').length <= 2 && words.some((word) => word.includes('r'))
        ? decoded(stdin, 'hex')
        : UNKNOWN;
    case 'tr':
      return words.length === 2 ? translated(stdin, first, words[1] ?? '') : UNKNOWN;
    case 'find':
      return printsStarts(fields) ? andMore(startsOf(fields).map(({ text }) => text)) : UNKNOWN;
    case 'ls':
      return /^-\w*d\w*$/.test(first) && !first.includes('l') ? andMore(words.slice(1)) : UNKNOWN;
    case 'true':
    case ':':
    case 'cd':
      return '';
    default:
      return UNKNOWN;
  }
}

/** These lines, and others. */
const andMore = (lines: readonly string[]): string => `${lines.join('\n')}\n${UNKNOWN}`;

const eachLine = (text: string, change: (line: string) => string): string =>
  text.includes(UNKNOWN) ? UNKNOWN : text.split('\n').map(change).join('\n');

function echoed(words: readonly string[]): string {
  let at = 0;
  while (/^-[neE]+$/.test(words[at] ?? '')) at += 1;
  const text = words.slice(at).join(' ');
  return words.slice(0, at).some((option) => option.includes('e')) ? unescaped(text) : text;
}

const MOST_ROUNDS = 50;

/** The format again and again, until it has taken all values. */
function formatted([format = '', ...values]: readonly string[]): string {
  const rest = [...values];
  const taken = (): string =>
    unescaped(format).replaceAll(/%(b|s|%|[^bs%])/g, (_, kind: string) => {
      if (kind === '%') return '%';
      return kind === 's' || kind === 'b' ? unescaped(rest.shift() ?? '') : UNKNOWN;
    });
  let text = taken();
  for (let round = 1; rest.length > 0 && round < MOST_ROUNDS; round += 1) {
    const before = rest.length;
    text += taken();
    if (rest.length === before) break;
  }
  return rest.length > 0 ? UNKNOWN : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  a: '\u0007',
  e: '\u001b',
};

const unescaped = (text: string): string =>
  joinedBytes(
    text.replaceAll(/\\(x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|.)/g, (all, code: string) => {
      if (/^x/.test(code)) return byteName(Number.parseInt(code.slice(1), 16));
      if (/^[0-7]/.test(code)) return byteName(Number.parseInt(code, 8) & 0xff);
      return ESCAPES[code] ?? all;
    }),
  );

function decoded(text: string, kind: 'base64' | 'hex'): string {
  return text.includes(UNKNOWN) ? UNKNOWN : nameOf(Buffer.from(text.replaceAll(/\s/g, ''), kind));
}

function translated(text: string, from: string, to: string): string {
  const [source, target] = [spelled(from), spelled(to)];
  if (text.includes(UNKNOWN) || source === null || target === null || target.length === 0) return UNKNOWN;
  return Array.from(text)
    .map((character) => {
      const at = source.lastIndexOf(character);
      return at < 0 ? character : (target[Math.min(at, target.length - 1)] ?? character);
    })
    .join('');
}

/** The characters of a set such as `A-Za-z`; `null` for classes. */
function spelled(set: string): readonly string[] | null {
  if (/\[[:=.]/.test(set) || set.startsWith('-')) return null;
  return Array.from(
    unescaped(set).replaceAll(/(.)-(.)/g, (_, from: string, to: string) => {
      const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
      return Array.from({ length: Math.max(0, last - first + 1) }, (_none, at) =>
        String.fromCharCode(first + at),
      ).join('');
    }),
  );
}
