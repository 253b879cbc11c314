import { defineTool, quoted, ToolError, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { BrowserSession } from '../session.ts';

export const handleDialog = (session: BrowserSession): Tool =>
  defineTool({
    name: 'handle_dialog',
    title: 'Handle dialog',
    description: 'Answers the dialog (alert, confirm, prompt, beforeunload) that a page stands still at.',
    input: z.object({
      accept: z.boolean(),
      text: z.string().optional().describe('For a prompt'),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
    run: async ({ accept, text, tab: id }, { signal }) => {
      // the tab may be the current one or one that was opened without being asked for
      const waiting = session.tabs().filter(({ state }) => state === 'dialog');
      const wanted = id ?? waiting.find(({ isCurrent }) => isCurrent)?.id ?? waiting[0]?.id;
      const tab = session.attachedTab(wanted);
      const dialog = tab?.dialog ?? null;
      if (tab === null || dialog === null) {
        throw new ToolError('no_dialog', 'No dialog is open', { hint: 'Go on with the page.' });
      }
      if (!(await tab.dialogs.answer(accept, text, signal))) {
        const message = `The ${dialog.type} ${quoted(dialog.message, 300)} is gone with its page`;
        throw new ToolError('no_dialog', message, { hint: 'Go on with the page.' });
      }
      const next = await tab.dialogs.next();
      const done = `${accept ? 'Accepted' : 'Dismissed'} the ${dialog.type} ${quoted(dialog.message, 300)} in ${tab.id}.`;
      const asks = next === null ? '' : ` It asks again: ${next.type} ${quoted(next.message, 300)}.`;
      return {
        text: `${done}${asks}`,
        structured: { tab: tab.id, type: dialog.type, accepted: accept },
      };
    },
  });
