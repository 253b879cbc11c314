import type { Rect } from '../../core/geometry.ts';
import type { Program } from './program.ts';
import { toProgram, type Placement } from './window-match.ts';

/** With so many children they are asked for by place and not one by one. */
const MANY = 300;
/** As close as rows and cells are. */
const STEP_X = 48;
const STEP_Y = 14;
const MAX_PROBES = 1500;

/** The children of an element that may have any number of them; of too many, those that show. */
export async function visibleChildren(
  program: Program,
  path: string,
  { visible, placement }: { readonly visible: Rect | null; readonly placement: Placement },
): Promise<readonly (string | null)[]> {
  const count = await program.childCount(path);
  if (count <= MANY) return program.children(path);
  if (visible === null) return [];
  const outline = toProgram(visible, placement);
  const columns = Math.max(1, Math.min(Math.ceil(outline.width / STEP_X), 60));
  const rows = Math.max(1, Math.min(Math.ceil(outline.height / STEP_Y), Math.floor(MAX_PROBES / columns)));
  const points = Array.from({ length: rows * columns }, (_, index) => ({
    x: outline.x + ((index % columns) + 0.5) * (outline.width / columns),
    y: outline.y + (Math.floor(index / columns) + 0.5) * (outline.height / rows),
  }));
  const found = await Promise.all(points.map((point) => program.childAt(path, point, placement.by)));
  return [...new Set(found)].filter((child) => child !== null && child !== path);
}
