import type { Edited } from './edit.ts';
import { decode, encode, type Decoded, type Encoding } from './encoding.ts';
import { FileError } from './file-error.ts';
import { TextLines } from './text-lines.ts';

/** A part of a text. */
export interface TextAnswer {
  readonly kind: 'text';
  readonly path: string;
  readonly lines: readonly string[];
  /** Number of the first of them, from 1; beyond the total there are none. */
  readonly from: number;
  /** Lines of the whole file. */
  readonly total: number;
  readonly encoding: string;
  readonly lineEnds: string;
  /** Whether the last line has an end. */
  readonly isEnded: boolean;
}

export interface Part {
  readonly from: number;
  readonly lines: readonly string[];
}

/** Which lines are wanted. */
export interface Wanted {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/** Lines of a text. */
export function linesOf(
  { text, encoding }: Decoded,
  { path }: { readonly path: string },
  { offset = 1, limit = Infinity }: Wanted,
): TextAnswer {
  const lines = new TextLines(text);
  const total = lines.count;
  const from = total === 0 ? 1 : Math.max(offset, 1);
  return {
    ...{ kind: 'text', path, from, total },
    lines: lines.between(from, from + limit - 1),
    encoding: nameOf(encoding),
    lineEnds: lines.ends,
    isEnded: lines.isEnded,
  };
}

/** What the bytes of a file say. @throws FileError `binary` */
export function textOf(bytes: Buffer, { path }: { readonly path: string }): Decoded {
  const decoded = decode(bytes);
  if (decoded !== null) return decoded;
  throw new FileError('binary', `${path} is no text: it has ${bytes.length} bytes of something else`, {
    hint: 'Use a program that knows its kind, with Bash.',
  });
}

/** The bytes of a text in the encoding of its file. @throws FileError `not_encodable` */
export function encoded(decoded: Decoded, path: string): Buffer {
  const bytes = encode(decoded);
  if (bytes !== null) return bytes;
  const { encoding } = decoded;
  throw new FileError(
    'not_encodable',
    `${path} is written in ${nameOf(encoding)}, which lacks some of the new characters`,
    {
      hint: 'Use other characters, or convert the file with iconv first.',
    },
  );
}

const nameOf = ({ name, mark }: Encoding): string =>
  mark.length > 0 ? `${name} with a byte order mark` : name;

/** Lines that are shown around those that changed. */
export const AROUND = 2;

/** Lines that are new or changed, with those around them. */
export const partsOf = (lines: TextLines, changed: Edited['changed']): readonly Part[] =>
  changed.map(({ from, to }) => ({
    from: Math.max(1, from - AROUND),
    lines: lines.between(from - AROUND, to + AROUND),
  }));
