import { FileError } from './file-error.ts';
import { TextLines } from './text-lines.ts';

export interface Edit {
  readonly old_string: string;
  readonly new_string: string;
  readonly replace_all?: boolean | undefined;
}

/** A text that was changed in some places, and where. */
export interface Edited {
  readonly text: string;
  readonly lines: TextLines;
  /** Lines of the result that are new, from 1, of the first places; both ends are among them. */
  readonly changed: readonly { readonly from: number; readonly to: number }[];
  readonly replaced: number;
}

/**
 * Applies edits one after the other; each must meet exactly one place, or all of them with `replace_all`. A line end in
 * `old_string` meets any line end, and one in `new_string` becomes what the lines there end with. Everything else stays
 * as it is, to the character.
 *
 * @throws FileError `no_match`, `several_matches` or `nothing_to_do`; nothing is applied then
 */
export function applyEdits(text: string, edits: readonly Edit[]): Edited {
  let replaced = 0;
  let result = text;
  let spans: readonly Span[] = [];
  for (const [index, edit] of edits.entries()) {
    const label = edits.length === 1 ? 'old_string' : `old_string of edit ${index + 1}`;
    const found = placesOf(result, edit, label);
    const done = replaceAt(result, found, edit.new_string);
    spans = spansAfter(spans, found, done.fresh);
    result = done.text;
    replaced += found.length;
  }
  const lines = new TextLines(result);
  const changed = spans.map(({ from, to }) => ({
    from: lines.at(from),
    to: lines.at(Math.max(from, to - 1)),
  }));
  return { text: result, lines, replaced, changed };
}

/** More places are not shown, and each takes a look at all lines before it. */
const MAX_SPANS = 20;

/** A part of a text; `to` is behind it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where one part of a text was replaced: what was at `at` and behind it is `by` characters further. */
interface Move {
  readonly at: number;
  readonly by: number;
}

export const LINE_END = /\r\n|\r|\n/g;

function placesOf(text: string, edit: Edit, label: string): readonly Span[] {
  if (edit.old_string === '') {
    throw new FileError('no_match', `${label} is empty`, {
      hint: 'Give the words to replace, or use Write.',
    });
  }
  if (edit.old_string === edit.new_string) {
    throw new FileError('nothing_to_do', `${label} and new_string are the same`, {
      hint: 'Nothing was changed.',
    });
  }
  const places = found(text, edit.old_string);
  if (places.length === 0) throw missed(text, edit.old_string, label);
  if (places.length > 1 && edit.replace_all !== true) throw several(text, places, label);
  return places;
}

function found(text: string, words: string): readonly Span[] {
  // where all lines end alike, in a tenth of the time
  if (!text.includes('\r')) return foundAsIs(text, words.replaceAll(LINE_END, '\n'));
  return Array.from(text.matchAll(patternOf(words)), ({ 0: { length }, index }) => ({
    ...{ from: index, to: index + length },
  }));
}

/** Where words are, by characters of the text or by bytes. */
export function foundAsIs(text: string | Buffer, words: string): readonly Span[] {
  const spans: Span[] = [];
  for (let from = text.indexOf(words); from >= 0; from = text.indexOf(words, from + words.length))
    spans.push({ from, to: from + words.length });
  return spans;
}

const patternOf = (words: string): RegExp =>
  new RegExp(
    words
      .split(LINE_END)
      .map((line) => line.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join(String.raw`(?:\r\n|\r|\n)`),
    'g',
  );

interface Replaced {
  readonly text: string;
  /** The new words at each place. */
  readonly fresh: readonly string[];
}

function replaceAt(text: string, places: readonly Span[], words: string): Replaced {
  const fresh = places.map(({ from, to }) => words.replaceAll(LINE_END, lineEndAt(text, from, to)));
  const parts: string[] = [];
  let done = 0;
  for (const [index, { from, to }] of places.entries()) {
    parts.push(text.slice(done, from), fresh[index] ?? '');
    done = to;
  }
  return { text: [...parts, text.slice(done)].join(''), fresh };
}

/** Where the result has what is new: of earlier edits, which is moved, and of this one. */
export function spansAfter(
  earlier: readonly Span[],
  places: readonly Span[],
  fresh: readonly string[],
): readonly Span[] {
  let by = 0;
  const moves: Move[] = [];
  const spans = places.map(({ from, to }, index): Span => {
    const { length } = fresh[index] ?? '';
    const span = { from: from + by, to: from + by + length };
    by += length - (to - from);
    moves.push({ at: to, by: length - (to - from) });
    return span;
  });
  return [...shift(earlier, moves), ...spans].slice(0, MAX_SPANS);
}

/** What ends the lines of a place: the first there, else the last before it, else the first behind it. */
function lineEndAt(text: string, from: number, to: number): string {
  const there = text.slice(from, to).match(LINE_END)?.[0];
  if (there !== undefined) return there;
  const newline = text.lastIndexOf('\n', from - 1);
  if (from > 0 && newline >= 0) return text[newline - 1] === '\r' ? '\r\n' : '\n';
  return text.slice(to).match(/\r\n|\r|\n/)?.[0] ?? '\n';
}

const shift = (spans: readonly Span[], moves: readonly Move[]): readonly Span[] =>
  spans.map(({ from, to }) => ({ from: moved(from, moves), to: moved(to, moves) }));

const moved = (position: number, moves: readonly Move[]): number =>
  moves.reduce((sum, { at, by }) => (at <= position ? sum + by : sum), position);

const SHOWN = 5;

function several(text: string, places: readonly Span[], label: string): FileError {
  const all = new TextLines(text);
  const lines = places.slice(0, SHOWN).map(({ from }) => all.at(from));
  const more = places.length > SHOWN ? ', …' : '';
  return new FileError(
    'several_matches',
    `${label} is there ${places.length} times, on lines ${lines.join(', ')}${more}`,
    { hint: 'Give more of the lines around the one that is meant, or set replace_all.' },
  );
}

/** Says where the words nearly are, and what differs; it is never applied. */
function missed(text: string, words: string, label: string): FileError {
  const near = nearest(text.split(LINE_END), words.split(LINE_END));
  const hint =
    near === null
      ? 'Read the file, and give its words as they are.'
      : `The nearest is on line ${near.line}, which differs in line ${near.part} of it: there is ${JSON.stringify(near.there.slice(0, 200))}, and given was ${JSON.stringify(near.given.slice(0, 200))}.`;
  return new FileError('no_match', `${label} is not in the file`, { hint });
}

interface Near {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** Which of the given lines differs first, from 1. */
  readonly part: number;
  readonly there: string;
  readonly given: string;
}

const MAX_COMPARED = 200_000;

function nearest(lines: readonly string[], wanted: readonly string[]): Near | null {
  const keys = wanted.map(loose);
  const known = new Set(keys.filter((key) => key !== ''));
  let best: { readonly at: number; readonly same: number } | null = null;
  for (const [at, line] of lines.slice(0, MAX_COMPARED).entries()) {
    if (!known.has(loose(line))) continue;
    for (const offset of keys.keys()) {
      const same = keys.filter((key, index) => loose(lines[at - offset + index] ?? '\0') === key).length;
      if (at >= offset && same > (best?.same ?? 0)) best = { at: at - offset, same };
    }
    if (best?.same === keys.length) break;
  }
  if (best === null) return null;
  const { at } = best;
  const part = wanted.findIndex((line, index) => lines[at + index] !== line);
  return { line: at + 1, part: part + 1, there: lines[at + part] ?? '', given: wanted[part] ?? '' };
}

/** A line without what is easily given wrong: its indentation, its spaces, its case, its kind of quotes. */
const loose = (line: string): string =>
  line
    .normalize('NFKC')
    .replaceAll(/[‘’‚‛`´]/g, "'")
    .replaceAll(/[“”„‟]/g, '"')
    .replaceAll(/\s+/g, '')
    .toLowerCase();
