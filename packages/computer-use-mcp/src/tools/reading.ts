import { defineTool, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { DesktopSession } from '../session.ts';
import { readableWindow } from './readable-window.ts';
import { windowText } from './window-text.ts';

/** Of one answer; the rest is had with `from`. */
const MAX_BYTES = 16_000;

const encoder = new TextEncoder();

export const readingTools = (session: DesktopSession): readonly Tool[] => [readPage(session)];

const readPage = (session: DesktopSession): Tool =>
  defineTool({
    name: 'read_page',
    title: 'Read a window',
    description:
      'Gives the text of a window or web page in reading order, also what is scrolled away; long text in parts. Recognises it in the picture when the program tells none.',
    input: z.object({
      window: z.uint32().optional().describe('Default: the one in front'),
      from: z.uint32().optional().describe('Line to go on from'),
    }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    timeoutMs: 60_000,
    run: async ({ window, from = 0 }, call) => {
      const wanted = await readableWindow(session, { tool: 'read_page', window }, call);
      const text = await windowText(session, wanted, call);
      const { lines } = text;
      const { part, next } = partOf(lines, from);
      const rest =
        next === null ? [] : [`(lines ${from} to ${next - 1} of ${lines.length}; go on with from: ${next})`];
      const notes = [...(part.length === 0 ? [`(there are only ${lines.length} lines)`] : []), ...text.notes];
      return {
        text: untrustedAnswer(text.about, [...part, ...rest, ...notes]),
        structured: {
          window: text.window.info.id,
          lines: lines.length,
          from,
          next,
          complete: text.isComplete,
          source: text.source,
          ...(text.confidence !== undefined && { confidence: text.confidence }),
        },
      };
    },
  });

/** As many lines as fit. */
function partOf(
  lines: readonly string[],
  from: number,
): { readonly part: readonly string[]; readonly next: number | null } {
  const part: string[] = [];
  let bytes = 0;
  for (const line of lines.slice(from)) {
    const size = encoder.encode(line).length + 1;
    if (bytes + size > MAX_BYTES && part.length > 0) return { part, next: from + part.length };
    part.push(line);
    bytes += size;
  }
  return { part, next: null };
}
