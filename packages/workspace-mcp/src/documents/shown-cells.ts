import { FileError } from '../files/file-error.ts';
import type { Cell, CellOutput } from './notebook.ts';
import type { Picture } from './picture.ts';

/** Lines of a source or an output, as many as there is room for. */
export interface ShownText {
  readonly kind: 'text';
  readonly lines: readonly string[];
  readonly isCut: boolean;
}

export interface ShownCell {
  readonly kind: string;
  readonly source: ShownText;
  /** A picture that is broken, or for which there is no room, is `null`. */
  readonly outputs: readonly (ShownText | { readonly kind: 'picture'; readonly picture: Picture | null })[];
}

/** Bytes of all cells of an answer, and of one output. */
const ROOM = { all: 40_000, output: 4_000 };
const MAX_PICTURES = 6;
const MAX_OUTPUTS = 40;

/** Cells from the first on, until there is no room: at least that one. */
export async function shownCells(
  cells: readonly Cell[],
  scaled: (bytes: Buffer) => Promise<Picture>,
): Promise<readonly ShownCell[]> {
  const shown: ShownCell[] = [];
  let [room, pictures] = [ROOM.all, 0];
  for (const { kind, source, ...cell } of cells) {
    const outputs = cell.outputs.slice(0, MAX_OUTPUTS);
    const needed = sizeOf(source, outputs);
    if (shown.length > 0 && needed.bytes > room) break;
    if (shown.length > 0 && pictures + needed.pictures > MAX_PICTURES) break;
    const parts: ShownCell['outputs'][number][] = [];
    for (const output of outputs) {
      if (output.kind === 'text') parts.push(cut(output.text, ROOM.output));
      else parts.push({ kind: 'picture', picture: await pictureOf(output.bytes, pictures, scaled) });
      if (output.kind === 'picture') pictures += 1;
    }
    shown.push({ kind, source: cut(source, ROOM.all), outputs: parts });
    room -= needed.bytes;
  }
  return shown;
}

function sizeOf(source: string, outputs: readonly CellOutput[]): { bytes: number; pictures: number } {
  const texts = outputs.map((output) =>
    output.kind === 'text' ? Math.min(output.text.length, ROOM.output) : 0,
  );
  return {
    bytes: texts.reduce((sum, size) => sum + size, source.length),
    pictures: outputs.filter(({ kind }) => kind === 'picture').length,
  };
}

async function pictureOf(
  bytes: Buffer,
  before: number,
  scaled: (bytes: Buffer) => Promise<Picture>,
): Promise<Picture | null> {
  if (before >= MAX_PICTURES) return null;
  try {
    return await scaled(bytes);
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

function cut(text: string, room: number): ShownText {
  const isCut = text.length > room;
  const lines = (isCut ? text.slice(0, room) : text).split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return { kind: 'text', lines, isCut };
}
