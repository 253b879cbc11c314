import { defineTool, fencedText, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { evaluateIn } from '../browser/evaluation.ts';
import type { BrowserSession } from '../session.ts';
import { elementOf, frameOf } from './element.ts';

/** Characters of a result that are shown. */
const LONGEST = 20_000;

export const evaluate = (session: BrowserSession): Tool =>
  defineTool({
    name: 'evaluate',
    title: 'Evaluate',
    description:
      'Runs JavaScript in the page: an expression, statements that return, or a function, which gets the element of ref. Gives JSON.',
    input: z.object({
      script: z.string(),
      ref: z.string().optional(),
      frame: z.int().nonnegative().optional(),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
    run: async ({ script, ref, frame: ordinal = 0, tab: id }, { signal }) => {
      const text = await session.inTab(
        id,
        async (tab, within) => {
          if (ref === undefined) return evaluateIn(frameOf(tab, ordinal), { script, element: null }, within);
          const { frame, objectId } = await elementOf(tab, { ref, world: 'page' }, within);
          return evaluateIn(frame, { script, element: objectId }, within);
        },
        { signal },
      );
      // before the end is cut off, which could leave a part of a secret
      const scrubbed = session.secrets.scrub(text);
      const { lines } = fencedText(scrubbed.slice(0, LONGEST));
      const left = scrubbed.length - LONGEST;
      return {
        text: untrustedAnswer(left > 0 ? `Result, without its last ${left} characters` : 'Result', lines, {
          from: 'the page',
        }),
      };
    },
  });
