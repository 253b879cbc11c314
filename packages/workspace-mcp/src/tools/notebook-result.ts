import type { ToolImage, ToolResult } from '@deskhand/server-runtime';
import type { AnswerOf } from '../worker/answers.ts';
import { DATA, numbered } from './numbered.ts';

type Notebook = Extract<AnswerOf<'read'>, { kind: 'notebook' }>;
type Cell = Notebook['cells'][number];
type Text = Cell['source'];

/** Cells of a notebook: their lines and those of their outputs behind numbers, and pictures after them. */
export function notebookResult({ path, from, total, cells }: Notebook): ToolResult {
  const images: ToolImage[] = [];
  const last = from + cells.length - 1;
  const which = cells.length === total ? `${total} cells` : `cells ${from} to ${last} of ${total}`;
  const lines = cells.flatMap((cell, index) => cellLines(cell, from + index, images));
  const more = last < total ? [`(More: offset ${last + 1})`] : [];
  return {
    text: [`${path}: a notebook, ${which}. ${DATA}`, ...lines, ...more].join('\n'),
    images,
    structured: { path, from, cells: cells.length, total },
  };
}

function cellLines({ kind, source, outputs }: Cell, number: number, images: ToolImage[]): readonly string[] {
  const lines = [`Cell ${number}, ${kind}:`, ...textLines(source)];
  for (const output of outputs) {
    if (output.kind === 'text') {
      lines.push('Output:', ...textLines(output));
    } else if (output.picture === null) {
      lines.push('Output: a picture that is not shown.');
    } else {
      images.push({ data: output.picture.base64, mimeType: output.picture.type });
      lines.push(`Output: picture ${images.length} of this answer.`);
    }
  }
  return lines;
}

function textLines({ lines, isCut }: Text): readonly string[] {
  const shown = numbered(lines, 1);
  return [...shown.lines, ...(isCut || shown.isCut || shown.lines.length < lines.length ? ['(Cut.)'] : [])];
}
