import type { Tool } from '@deskhand/server-runtime';
import type { BrowserSession } from '../session.ts';
import type { Looks } from '../snapshot/looks.ts';
import { ACTS, actionTool } from './action-tool.ts';

export const scroll = (session: BrowserSession, looks: Looks): Tool =>
  actionTool(
    { session, looks },
    {
      name: 'scroll',
      title: 'Scroll',
      description: 'Scrolls to ref, by [right, down] pixels there or in the page, or until a text shows.',
      annotations: { ...ACTS, destructive: false },
    },
  );
