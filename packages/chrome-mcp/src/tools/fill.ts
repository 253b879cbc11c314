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
      description: `Replaces the value of a field: text, option labels, true or false, dates as 2026-01-31.${secretsIn(session)}`,
      annotations: FILLS,
    },
  );

const MOST_NAMED = 20;

/** What may be typed by name, for those who have some. */
function secretsIn({ secrets: { names } }: BrowserSession): string {
  if (names.length === 0) return '';
  const more = names.length > MOST_NAMED ? ' …' : '';
  return ` {{secret:NAME}} types a secret that you do not see: ${names.slice(0, MOST_NAMED).join(', ')}${more}.`;
}

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
