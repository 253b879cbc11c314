import type { Readable } from 'node:stream';

/** What ripgrep prints with `--null`: names alone, or lines that have the name of their file before them. */
export type Printed = 'names' | 'lines';

/** What was found in a file; the line begins with the name. */
export interface FoundLine {
  /** `null` between groups of lines that stand together. */
  readonly name: string | null;
  readonly line: string;
}

/** Between groups of lines that stand together. */
export const BREAK = '--';
/** How each name begins. */
const HERE = './';
const NUMBERED = /^\d+(?=[:-])/;
/** What it says of a file with a zero byte has none behind the name, which may hold the same words and a line feed. */
const BINARY =
  /([^\0]*?): (?:WARNING: stopped searching binary file after match|binary file matches) \(found "\\0" byte around offset \d+\)\n(?=(?:--\n)?\.\/)/y;

/** The lines of an answer, one for each that was found, also where a name has line feeds in it. */
export async function* foundLines(stream: Readable, printed: Printed): AsyncGenerator<FoundLine> {
  let left = '';
  for await (const chunk of stream.setEncoding('utf8')) left = yield* linesOf(left + String(chunk), printed);
  // no other name ends the last one
  yield* linesOf(`${left}${HERE}`, printed);
}

/** Gives back what is no whole line yet. */
function* linesOf(text: string, printed: Printed): Generator<FoundLine, string> {
  let from = 0;
  for (let next = nextLine(text, from, printed); next !== null; next = nextLine(text, from, printed)) {
    const { name, line } = next;
    yield name?.startsWith(HERE) === true ? { name: name.slice(2), line: line.slice(2) } : { name, line };
    from = next.to;
  }
  return text.slice(from);
}

function nextLine(
  text: string,
  from: number,
  printed: Printed,
): (FoundLine & { readonly to: number }) | null {
  if (printed === 'lines' && text.startsWith(`${BREAK}\n`, from))
    return { name: null, line: BREAK, to: from + BREAK.length + 1 };
  if (printed === 'lines') {
    BINARY.lastIndex = from;
    const [said, name = ''] = BINARY.exec(text) ?? [];
    if (said !== undefined) return { name, line: said.slice(0, -1), to: from + said.length };
  }
  const nameEnd = text.indexOf('\0', from);
  if (nameEnd < 0) return null;
  const name = text.slice(from, nameEnd);
  if (printed === 'names') return { name, line: name, to: nameEnd + 1 };
  const end = text.indexOf('\n', nameEnd);
  if (end < 0) return null;
  const rest = text.slice(nameEnd + 1, end).replace(/\r$/, '');
  const number = NUMBERED.exec(rest)?.[0];
  const mark = number === undefined ? ':' : rest.charAt(number.length);
  return { name, line: `${name}${mark}${rest}`, to: end + 1 };
}
