import { UNKNOWN } from './scope.ts';
import { valuesOf, type Option } from './wrappers.ts';

// What xargs and parallel take out of what they read.

const MOST_ITEMS = 50;
const QUOTED = /\\(.)|"([^"\n]*)"|'([^'\n]*)'/gs;
const WORD = /(?:[^\s"'\\]|\\.|"[^"\n]*"|'[^'\n]*')+/gs;
const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\t': '\t', '\\0': UNKNOWN };

const withoutQuotes = (text: string): string => text.replaceAll(QUOTED, '$1$2$3');

/** What stands in the place of the words that are read; `null` where they come last. */
export const markOf = (options: readonly Option[]): string | null => {
  const mark = valuesOf(options, ['-I', '-i', '--replace']).at(-1);
  return mark === '' ? '{}' : (mark ?? null);
};

/** The words of a text for xargs: by its delimiter, by lines where they are put in the place of a mark, or by space. */
export function wordsOf(text: string, options: readonly Option[]): readonly string[] {
  const [given] = valuesOf(options, ['-d', '--delimiter']);
  const isWhole = valuesOf(options, ['-0', '--null']).length > 0;
  const delimiter = isWhole ? UNKNOWN : given === undefined ? null : (ESCAPES[given] ?? given);
  if (delimiter !== null) return some(text.trim().split(delimiter));
  return markOf(options) === null
    ? some(Array.from(text.matchAll(WORD), ([word]) => withoutQuotes(word)))
    : some(linesOf(text).map((line) => withoutQuotes(line.trimStart())));
}

/** Lines; one that is not known stands for all that have something in them that is not. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').filter(Boolean);
  const known = lines.filter((line) => !line.includes(UNKNOWN));
  return some(known.length < lines.length ? [UNKNOWN, ...known] : known);
}

const some = (items: readonly string[]): readonly string[] =>
  items.length > MOST_ITEMS ? [UNKNOWN, ...items.slice(0, MOST_ITEMS)] : items;
