/**
 * Controls, marks that change the direction of what follows, what shows as nothing, and places of objects; the mark
 * that joins two pictures into one is none of them.
 */
const UNSAFE =
  /(?!(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d\p{Extended_Pictographic})[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\u2028\u2029\u115f\u1160\u3164\uffa0\ufffc]/gu;
const LINE_ENDS = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u;
const SPACES = /\s+/gu;

/** Text of an application on one line: nothing invisible, no change of direction, at most `length` characters. */
export function safeLine(text: string, length: number): string {
  const line = replaceUnsafe(text.slice(0, length * 4), ' ')
    .replaceAll(SPACES, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join('')}…`;
}

/** Text of an application on as many lines as it has, each without anything invisible; empty lines fall away. */
export const safeLines = (text: string): readonly string[] =>
  text
    .split(LINE_ENDS)
    .map((line) => replaceUnsafe(line.replaceAll('\t', ' '), '').trimEnd())
    .filter((line) => line.trim() !== '');

/** The lines of a text as they are, tabs and empty ones too, but nothing invisible; and how much was left out. */
export function visibleText(text: string): { readonly lines: readonly string[]; readonly leftOut: number } {
  let leftOut = 0;
  const lines = text.split(LINE_ENDS).map((line) =>
    line.replaceAll(UNSAFE, (character) => {
      if (character === '\t') return character;
      leftOut += 1;
      return '';
    }),
  );
  return { lines, leftOut };
}

/** A line as it is, but what is not seen is named, such as `<U+200B>`; tabs stay. */
export const markedLine = (line: string): string =>
  line.replaceAll(UNSAFE, (character) =>
    character === '\t'
      ? character
      : `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );

const replaceUnsafe = (text: string, by: string): string => text.replaceAll(UNSAFE, by);
