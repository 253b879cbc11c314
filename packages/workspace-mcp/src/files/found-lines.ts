import type { Readable } from 'node:stream';

/** What ripgrep prints with `--null`: names alone, or lines that have the name of their file before them. */
export type Printed = 'names' | 'lines';

/** Between groups of lines that stand together. */
const BREAK = '--\n';
const NUMBERED = /^\d+(?=[:-])/;

/** The lines of an answer, one for each that was found, also where a name has line feeds in it. */
export async function* foundLines(stream: Readable, printed: Printed): AsyncGenerator<string> {
  let left = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    left += String(chunk);
    let from = 0;
    for (let next = nextLine(left, from, printed); next !== null; next = nextLine(left, from, printed)) {
      yield next.line.replace(/^\.\//, '');
      from = next.to;
    }
    left = left.slice(from);
  }
}

function nextLine(
  text: string,
  from: number,
  printed: Printed,
): { readonly line: string; readonly to: number } | null {
  if (printed === 'lines' && text.startsWith(BREAK, from)) return { line: '--', to: from + BREAK.length };
  const name = text.indexOf('\0', from);
  if (name < 0) return null;
  if (printed === 'names') return { line: text.slice(from, name), to: name + 1 };
  const end = text.indexOf('\n', name);
  if (end < 0) return null;
  const rest = text.slice(name + 1, end).replace(/\r$/, '');
  const number = NUMBERED.exec(rest)?.[0];
  const mark = number === undefined ? ':' : rest.charAt(number.length);
  return { line: `${text.slice(from, name)}${mark}${rest}`, to: end + 1 };
}
