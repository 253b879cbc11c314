import { FURTHER_PARTS, MAIN_PARTS, TELLING_USES, type Part } from './cast.ts';
import { canBeTried, ELEMENT_ROWS } from './element-uses.ts';
import { STANDS, TOOL_TABLE, type Stand, type ToolRow } from './tool-table.ts';

/** One try: a use of a tool, with one part in front or aimed at and the partner on the other side. */
export interface Cell {
  readonly row: ToolRow;
  readonly stand: Stand;
  readonly part: Part;
}

/** As reports name it. */
export const nameOfCell = ({ row, stand, part }: Cell): string =>
  `${row.use}, ${part.name} ${stand === 'frontmost' ? 'in front' : 'aimed at'}`;

/** Every cell of a table, or those of some tools or uses, in its order. */
export const cellsOf = (only?: readonly string[], table: readonly ToolRow[] = TOOL_TABLE): readonly Cell[] =>
  table
    .filter(({ tool, use }) => only === undefined || only.includes(tool) || only.includes(use))
    .flatMap((row) => {
      const parts = TELLING_USES.includes(row.use) ? [...MAIN_PARTS, ...FURTHER_PARTS] : MAIN_PARTS;
      return STANDS.flatMap((stand) =>
        parts.filter(({ kind }) => canBeTried(row, stand, kind)).map((part) => ({ row, stand, part })),
      );
    });

/** The same of the tools for elements, which need windows that tell of elements. */
export const elementCells = (only?: readonly string[]): readonly Cell[] => cellsOf(only, ELEMENT_ROWS);
