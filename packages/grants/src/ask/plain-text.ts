const REASON_MAX = 300;
const LABEL_MAX = 200;

/** Tags, and the marks with which Markdown makes links, images, code, tables and headings. */
const TAGS = /<\/?[a-zA-Z!][^<>]*>/g;
const MARKDOWN = /[`*[\]|~#<>]/g;
/** Controls, line breaks, bidi overrides and other invisible or unassigned characters, fillers that are letters by name included. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{DI}\u2800]+/gu;
const PILED_MARKS = /(\p{M}{2})\p{M}+/gu;
const DOUBLE_QUOTES = /["“”„‟«»＂]/gu;

/** What an agent wrote, made fit to stand between quotation marks in a dialog: one line, 300 characters at most. */
export function quotableReason(reason: string): string {
  const bare = reason.replace(TAGS, '').replace(MARKDOWN, '').replace(DOUBLE_QUOTES, "'");
  return oneLine(bare, REASON_MAX);
}

/** A name or path from the system, on one line, without anything that could disguise it. */
export const plainLabel = (label: string): string => oneLine(label, LABEL_MAX);

/** Controls and other characters that cannot be seen, piled marks, and spaces but the plain one. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{DI}\u2800]|(?! )\p{Zs}|(?<=\p{M}{2})\p{M}/gu;

/** Each line of a script, with its number in the place of every character that cannot be seen. */
export const verbatimLines = (script: string): readonly string[] =>
  script
    .split('\n')
    .map((line) =>
      line.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`),
    );

function oneLine(text: string, max: number): string {
  const line = text.replace(INVISIBLE, ' ').replace(PILED_MARKS, '$1').replace(/\s+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= max ? line : `${characters.slice(0, max - 1).join('')}…`;
}

/** Text as Pango markup or XML shows it verbatim. */
export const escapeMarkup = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');

/** The text in lines of at most `columns` characters, broken at spaces where there are any. */
export function wrapped(text: string, columns: number): string {
  const lines: string[] = [];
  let rest = Array.from(text);
  while (rest.length > columns) {
    const space = rest.lastIndexOf(' ', columns);
    const end = space > 0 ? space : columns;
    lines.push(rest.slice(0, end).join(''));
    rest = rest.slice(space > 0 ? end + 1 : end);
  }
  return [...lines, rest.join('')].join('\n');
}
