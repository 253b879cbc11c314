import type { Tool } from '@deskhand/server-runtime';
import type { BrowserSession } from '../session.ts';
import type { Looks } from '../snapshot/looks.ts';
import { ACTS, actionTool } from './action-tool.ts';

export const click = (session: BrowserSession, looks: Looks): Tool =>
  actionTool(
    { session, looks },
    {
      name: 'click',
      title: 'Click',
      description:
        'Clicks an element by ref, or a place by x and y in the viewport, and proves that it arrived.',
      annotations: ACTS,
    },
  );
