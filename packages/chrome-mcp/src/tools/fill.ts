import type { Tool } from '@deskhand/server-runtime';
import type { BrowserSession } from '../session.ts';
import type { Looks } from '../snapshot/looks.ts';
import { ACTS, actionTool } from './action-tool.ts';

const FILLS = { ...ACTS, idempotent: true };

export const fill = (session: BrowserSession, looks: Looks): Tool =>
  actionTool(
    { session, looks },
    {
      name: 'fill',
      title: 'Fill a field',
      description: 'Replaces the value of a field: text, option labels, true or false, dates as 2026-01-31.',
      annotations: FILLS,
    },
  );

export const fillForm = (session: BrowserSession, looks: Looks): Tool =>
  actionTool(
    { session, looks },
    {
      name: 'fill_form',
      title: 'Fill a form',
      description: 'Fills many fields at once, each as fill does.',
      annotations: FILLS,
    },
  );
