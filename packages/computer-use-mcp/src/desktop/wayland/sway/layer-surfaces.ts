import { z } from 'zod';
import type { Rect } from '../../../core/geometry.ts';

const outputsSchema = z.array(
  z.object({
    rect: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
    layer_shell_surfaces: z
      .array(
        z.object({
          layer: z.string(),
          extent: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
        }),
      )
      .optional(),
  }),
);

const OVER_WINDOWS = new Set(['top', 'overlay']);

/**
 * Where panels, notifications and launchers are over the windows, by the answer of GET_OUTPUTS. Versions of sway that
 * do not tell give none.
 */
export const layersOver = (answer: unknown): readonly Rect[] =>
  outputsSchema
    .parse(answer)
    .flatMap(({ rect, layer_shell_surfaces: surfaces = [] }) =>
      surfaces
        .filter(({ layer }) => OVER_WINDOWS.has(layer))
        .map(({ extent }) => ({ ...extent, x: rect.x + extent.x, y: rect.y + extent.y })),
    );
