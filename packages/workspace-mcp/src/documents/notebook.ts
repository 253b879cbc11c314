import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

const text = z.union([z.string(), z.array(z.string()).transform((parts) => parts.join(''))]);

const output = z.union([
  z.object({ output_type: z.literal('stream'), text }),
  z.object({ output_type: z.literal('error'), traceback: z.array(z.string()) }),
  z.object({
    output_type: z.enum(['display_data', 'execute_result']),
    data: z.record(z.string(), z.unknown()),
  }),
  z.object({ output_type: z.string() }).transform(() => ({ output_type: 'other' }) as const),
]);

const notebook = z.object({
  nbformat: z.literal(4),
  cells: z.array(
    z.object({
      cell_type: z.enum(['code', 'markdown', 'raw']),
      source: text,
      outputs: z.array(output).optional(),
    }),
  ),
});

/** A cell with what it gave. */
export interface Cell {
  readonly kind: string;
  readonly source: string;
  readonly outputs: readonly CellOutput[];
}

export type CellOutput =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'picture'; readonly bytes: Buffer };

/** The cells of a Jupyter notebook of format 4, or `null` for what is none. */
export function cellsOf(content: string): readonly Cell[] | null {
  const parsed = notebook.safeParse(jsonOf(content));
  if (!parsed.success) return null;
  return parsed.data.cells.map(({ cell_type: kind, source, outputs = [] }) => ({
    ...{ kind, source },
    outputs: outputs.map(outputOf),
  }));
}

function outputOf(given: z.output<typeof output>): CellOutput {
  switch (given.output_type) {
    case 'stream':
      return { kind: 'text', text: stripVTControlCharacters(given.text) };
    case 'error':
      return { kind: 'text', text: stripVTControlCharacters(given.traceback.join('\n')) };
    case 'other':
      return { kind: 'text', text: '' };
    case 'display_data':
    case 'execute_result':
      return dataOf(given.data);
  }
}

function dataOf(data: Readonly<Record<string, unknown>>): CellOutput {
  for (const type of ['image/png', 'image/jpeg']) {
    const picture = text.safeParse(data[type]);
    if (picture.success) return { kind: 'picture', bytes: Buffer.from(picture.data, 'base64') };
  }
  const plain = text.safeParse(data['text/plain']);
  return { kind: 'text', text: plain.success ? plain.data : `(${Object.keys(data).join(', ')})` };
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // no notebook then, but text
    return null;
  }
}
