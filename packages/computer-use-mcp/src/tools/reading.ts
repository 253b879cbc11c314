import { ToolError, defineTool, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { pageLines } from '../accessibility/page-text.ts';
import type { DesktopSession } from '../session.ts';
import { UNTRUSTED, readTree, readableWindow } from './readable-window.ts';

/** Of one answer; the rest is had with `from`. */
const MAX_BYTES = 16_000;
const LIMITS = { maxElements: 8000, maxDepth: 100, timeoutMs: 8000, withText: true } as const;

const encoder = new TextEncoder();

export const readingTools = (session: DesktopSession): readonly Tool[] => [readPage(session)];

const readPage = (session: DesktopSession): Tool =>
  defineTool({
    name: 'read_page',
    title: 'Read a window',
    description:
      'Gives the text of a window or web page in reading order, also what is scrolled away; long text in parts.',
    input: z.object({
      window: z.uint32().optional().describe('Default: the one in front'),
      from: z.uint32().optional().describe('Line to go on from'),
    }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    timeoutMs: 30_000,
    run: async ({ window, from = 0 }, call) => {
      const wanted = await readableWindow(session, { tool: 'read_page', window }, call);
      const { tree, window: read } = await readTree(session, wanted, { ...LIMITS, signal: call.signal });
      const lines = pageLines(tree.root);
      if (lines.length === 0) throw noText();
      const { part, next } = partOf(lines, from);
      const rest =
        next === null ? [] : [`(lines ${from} to ${next - 1} of ${lines.length}; go on with from: ${next})`];
      const notes = [
        ...(part.length === 0 ? [`(there are only ${lines.length} lines)`] : []),
        ...(tree.stopped === null ? [] : ['(the window has more text than its program told in time)']),
      ];
      return {
        text: [
          `Text of window ${read.info.id} of ${read.appName}, each line behind ">". ${UNTRUSTED}`,
          ...part.map((line) => `> ${line}`),
          ...rest,
          ...notes,
        ].join('\n'),
        structured: {
          window: read.info.id,
          lines: lines.length,
          from,
          next,
          complete: tree.stopped === null,
        },
      };
    },
  });

const noText = (): ToolError =>
  new ToolError('no_tree', 'The program tells no text of this window', {
    hint: 'Take a screenshot: it may draw its text as a picture, and text recognition is not part of this tool.',
  });

/** As many lines as fit. */
function partOf(
  lines: readonly string[],
  from: number,
): { readonly part: readonly string[]; readonly next: number | null } {
  const part: string[] = [];
  let bytes = 0;
  for (const line of lines.slice(from)) {
    const size = encoder.encode(line).length + 3;
    if (bytes + size > MAX_BYTES && part.length > 0) return { part, next: from + part.length };
    part.push(line);
    bytes += size;
  }
  return { part, next: null };
}
