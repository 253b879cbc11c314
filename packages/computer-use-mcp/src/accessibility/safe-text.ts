/** Controls, marks that change the direction of what follows, what shows as nothing, and places of objects. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\u2028\u2029\u115f\u1160\u3164\uffa0\ufffc]/gu;
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
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/u)
    .map((line) => replaceUnsafe(line.replaceAll('\t', ' '), '').trimEnd())
    .filter((line) => line.trim() !== '');

const replaceUnsafe = (text: string, by: string): string => text.replaceAll(UNSAFE, by);
