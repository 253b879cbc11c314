import { defineTool, ToolError, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { evaluateIn } from '../browser/evaluation.ts';
import type { BrowserSession } from '../session.ts';
import { fenced, UNTRUSTED } from './page-words.ts';

/** Characters of a result that are shown. */
const LONGEST = 20_000;

export const evaluate = (session: BrowserSession): Tool =>
  defineTool({
    name: 'evaluate',
    title: 'Evaluate',
    description:
      'Runs JavaScript in the page: an expression, statements that return, or a function, which gets the element of ref. Gives the result as JSON.',
    input: z.object({
      script: z.string(),
      frame: z.int().nonnegative().optional(),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
    run: async ({ script, frame: ordinal = 0, tab: id }, { signal }) => {
      const text = await session.inTab(
        id,
        async (tab, within) => {
          const frame = tab.frame(ordinal);
          if (frame === null) {
            throw new ToolError('no_such_frame', `The page has no frame ${ordinal}`, {
              hint: 'Take a snapshot: it names the frames.',
            });
          }
          return evaluateIn(frame, { script, element: null }, within);
        },
        { signal },
      );
      const cut = text.length > LONGEST ? `\n${text.length - LONGEST} more characters were left out.` : '';
      return { text: `${UNTRUSTED}\n${fenced(text.slice(0, LONGEST))}${cut}` };
    },
  });
