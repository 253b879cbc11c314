import { ToolError } from '@deskhand/server-runtime';
import { z } from 'zod';
import { rectToScreen, type Frame } from '../core/frame.ts';
import type { Rect } from '../core/geometry.ts';
import type { DesktopSession } from '../session.ts';

/** Left, top, right and bottom in pixels of the last screenshot. */
export const region = z
  .array(z.number())
  .refine(({ length }) => length === 4, 'a region is [x0, y0, x1, y1]')
  .describe('[x0, y0, x1, y1]');

/**
 * The pixels of the screen that a part of the picture shows.
 *
 * @throws ToolError `outside_screen` when the picture has no such part, or `stale_frame`
 */
export async function locateRegion(
  session: DesktopSession,
  {
    region: corners,
    frame: frameId,
  }: { readonly region: readonly number[]; readonly frame: string | undefined },
): Promise<{ readonly frame: Frame; readonly rect: Rect }> {
  const frame = await session.frameNamed(frameId);
  const { width, height } = frame.image;
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = corners;
  if (!(0 <= x0 && x0 < x1 && x1 <= width && 0 <= y0 && y0 < y1 && y1 <= height)) {
    throw new ToolError(
      'outside_screen',
      `[${corners.join(', ')}] is no part of the picture, which is ${width} x ${height}`,
      {
        hint: `Give left, top, right, bottom with left < right <= ${width} and top < bottom <= ${height}.`,
      },
    );
  }
  const rect = rectToScreen(frame, [
    { x: x0, y: y0 },
    { x: x1, y: y1 },
  ]);
  return { frame, rect };
}
