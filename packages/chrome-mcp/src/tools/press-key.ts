import type { Tool } from '@deskhand/server-runtime';
import type { BrowserSession } from '../session.ts';
import type { Looks } from '../snapshot/looks.ts';
import { ACTS, actionTool } from './action-tool.ts';

export const pressKey = (session: BrowserSession, looks: Looks): Tool =>
  actionTool(
    { session, looks },
    {
      name: 'press_key',
      title: 'Press keys',
      description:
        'Presses keys such as Enter, Control+A or "ArrowDown ArrowDown" on an element or where the focus is.',
      annotations: ACTS,
    },
  );
