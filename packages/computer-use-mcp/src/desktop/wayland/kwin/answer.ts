import { z } from 'zod';
import type { LaidWindow, Layout } from '../compositor.ts';

const rectSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const answerSchema = z.object({
  windows: z.array(
    z.object({
      id: z.string(),
      /** The class of the window in KWin. */
      kind: z.string(),
      pid: z.number(),
      title: z.string(),
      rect: rectSchema,
      order: z.number(),
      isActive: z.boolean(),
      isMinimized: z.boolean(),
    }),
  ),
  screen: z.object({ width: z.number(), height: z.number() }),
});

/** The only class whose process KWin has from the kernel. */
const OF_WAYLAND = 'KWin::XdgToplevelWindow';

/** Reads what the script in KWin told, with small numbers for the windows. */
export function readAnswer(text: string, numberOf: (id: string) => number): Layout {
  const { windows, screen } = answerSchema.parse(JSON.parse(text));
  const laid = windows
    .toSorted((a, b) => b.order - a.order)
    .map(({ id, kind, pid, title, rect, isActive, isMinimized }): LaidWindow => ({
      id: numberOf(id),
      pid: kind === OF_WAYLAND && pid > 0 ? pid : null,
      title,
      content: rect,
      whole: [],
      focused: isActive,
      visible: !isMinimized,
    }));
  return { screen: { x: 0, y: 0, ...screen }, windows: laid, over: [], settleMs: 0, turn: 0 };
}
