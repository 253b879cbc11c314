import type { Rect } from '../../core/geometry.ts';
import type { Coordinates, Program } from './program.ts';
import { toProgram, type Placement } from './window-match.ts';

/** With so many children they are asked for by place and not one by one. */
const MANY = 300;
/** How far to go on where there is no child. */
const STEP = { x: 48, y: 14 } as const;
const MAX_COLUMNS = 60;
const MAX_PROBES = 1500;

interface Grid {
  readonly program: Program;
  readonly path: string;
  /** In the program's own measure. */
  readonly outline: Rect;
  readonly by: Coordinates;
}

/** The children of an element that may have any number of them; of too many, those that show. */
export async function visibleChildren(
  program: Program,
  path: string,
  { visible, placement }: { readonly visible: Rect | null; readonly placement: Placement },
): Promise<readonly (string | null)[]> {
  const count = await program.childCount(path);
  if (count <= MANY) return program.children(path);
  if (visible === null) return [];
  const { by } = placement;
  const grid = { program, path, outline: toProgram(visible, placement), by };
  const [columns, rows] = await Promise.all([along(grid, 'x', MAX_COLUMNS), along(grid, 'y', MAX_PROBES)]);
  const points = rows.flatMap((y) => columns.map((x) => ({ x, y }))).slice(0, MAX_PROBES);
  const found = await Promise.all(points.map((point) => program.childAt(path, point, by)));
  return [...new Set(found)].filter((child) => child !== null && child !== path);
}

/** The middles of the children along the top or the left edge, each found where the one before it ends. */
async function along(
  { program, path, outline, by }: Grid,
  axis: 'x' | 'y',
  max: number,
): Promise<readonly number[]> {
  const size = axis === 'x' ? 'width' : 'height';
  const middles: number[] = [];
  const end = outline[axis] + outline[size];
  for (let at = outline[axis]; at < end && middles.length < max;) {
    const point = { x: outline.x + 1, y: outline.y + 1, [axis]: at + 1 };
    const child = await program.childAt(path, point, by);
    const rect = child === null || child === path ? null : await program.extents(child, by);
    const next = Math.max(at + 2, rect === null ? at + STEP[axis] : rect[axis] + rect[size]);
    middles.push((at + Math.min(next, end)) / 2);
    at = next;
  }
  return middles;
}
