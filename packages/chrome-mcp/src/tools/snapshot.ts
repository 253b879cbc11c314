import { defineTool, quoted, ToolError, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { nodeOf } from '../actions/reach.ts';
import type { Tab } from '../browser/tab.ts';
import type { BrowserSession } from '../session.ts';
import type { Looks } from '../snapshot/looks.ts';
import { readView, type View } from '../snapshot/view.ts';

export const snapshot = (session: BrowserSession, looks: Looks): Tool =>
  defineTool({
    name: 'snapshot',
    title: 'Snapshot',
    description:
      'What the page shows, as text with refs such as e12 for elements; what does not fit is a page, or within a ref.',
    input: z.object({
      within: z.string().optional().describe('Only this ref'),
      page: z.int().positive().optional().describe('Part of all in order, from 1'),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    run: async ({ within, page, tab: id }, { signal }) => {
      const { tab, view } = await session.inTab(
        id,
        async (used, patience) => ({ tab: used, view: await see(used, patience) }),
        { signal },
      );
      return {
        text: textOf(tab, view, { within, page }),
        structured: { tab: tab.id, complete: !view.isCut },
      };

      function see(used: Tab, patience: AbortSignal): Promise<View> {
        if (within === undefined && page === undefined) return looks.look(used, { signal: patience });
        const { frame, node } = within === undefined ? { frame: used.main } : nodeOf({ tab: used }, within);
        const request = { ...(node !== undefined && { within: node }), ...(page !== undefined && { page }) };
        return readView(frame, request, { signal: patience });
      }
    },
  });

interface Asked {
  readonly within: string | undefined;
  readonly page: number | undefined;
}

function textOf(tab: Tab, view: View, asked: Asked): string {
  const { top, lines } = view;
  if (asked.within !== undefined && top.state !== 'shown') throw staleRef(asked.within, view);
  const part = asked.within === undefined ? '' : `, within ${asked.within}`;
  const place = asked.page === undefined ? '' : `, page ${asked.page}`;
  const head = `${tab.id}: ${quoted(tab.url, 300)}${part}${place}, title ${quoted(top.title, 150)}${scrolled(view)}`;
  const written = lines.map(({ depth, text }) => `${'  '.repeat(depth)}${text}`);
  const none = lines.length === 0 ? ['(nothing is shown)'] : [];
  return untrustedAnswer(head, [...written, ...none, ...notes(view, asked)], { from: 'the page' });
}

function scrolled({ top: { scroll } }: View): string {
  const more = scroll.height - scroll.view;
  if (more < 8) return '';
  return `, scrolled ${scroll.top} of ${more} px`;
}

function notes({ isCut, top }: View, { within, page }: Asked): readonly string[] {
  const healed = top.isHealed ? [`(${within ?? ''} was drawn anew; this is its only successor)`] : [];
  if (page !== undefined) return [...healed, isCut ? `(page ${page + 1} goes on)` : '(this is the end)'];
  if (!isCut) return healed;
  const from = top.isFromViewport ? 'What is above the screen is left out, and there' : 'There';
  return [
    ...healed,
    `(${from} is more: page 1 and on has all in order, within a ref has that part whole, find looks for words)`,
  ];
}

function staleRef(ref: string, { top: { state, was } }: View): ToolError {
  const what = was === null ? 'it' : `${was.role} ${quoted(was.name, 100)}`;
  const message =
    state === 'unknown' ? `${ref} was never given` : `${ref} is gone: ${what} was removed or drawn anew`;
  return new ToolError('stale_ref', message, { hint: 'Take a snapshot for new references.' });
}
