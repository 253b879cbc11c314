import {
  ANSWER_MS,
  defineTool,
  quoted,
  ToolError,
  type CallContext,
  type Tool,
  type ToolResult,
} from '@deskhand/server-runtime';
import { z } from 'zod';
import { travel } from '../browser/navigation.ts';
import type { BrowserSession } from '../session.ts';
import { address } from './address.ts';
import { navigationFailure } from './navigation-failure.ts';

const MOST_LISTED = 50;

export const tabs = (session: BrowserSession): Tool =>
  defineTool({
    name: 'tabs',
    title: 'Tabs',
    description: 'Lists, opens, selects or closes tabs. Closing works even when a page hangs.',
    input: z.object({
      action: z.enum(['list', 'new', 'select', 'close']).default('list'),
      tab: z.string().optional().describe('For select and close'),
      url: z.string().optional().describe('For new'),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
    timeoutMs: 2 * ANSWER_MS,
    run: async ({ action, tab, url }, call) => {
      const { signal } = call;
      if (action === 'new') await open(session, url, call);
      if (action === 'select') session.select(required(tab, action));
      if (action === 'close') await session.closeTab(required(tab, action), signal);
      await session.refresh(signal);
      return listed(session);
    },
  });

function required(tab: string | undefined, action: string): string {
  if (tab !== undefined) return tab;
  throw new ToolError('invalid_arguments', `${action} needs the id of a tab`, {
    hint: 'Such as {"tab": "t1"}.',
  });
}

async function open(session: BrowserSession, url: string | undefined, call: CallContext): Promise<void> {
  const { signal } = call;
  const to = url === undefined ? null : address(url);
  if (to !== null) await session.admit(to, call);
  const tab = await session.newTab(signal);
  if (to === null) return;
  const arrival = await tab.inTurn((within) => travel(tab, { kind: 'url', url: to }, within), signal);
  const { failure, asked } = arrival;
  if (failure === null) return;
  const obstacle = session.obstacle(asked ?? '');
  if (asked !== null) session.toldRefusal(asked);
  throw navigationFailure({
    said: `${tab.id} was opened, but not the page`,
    ...{ failure, asked, obstacle, note: '' },
  });
}

function listed(session: BrowserSession): ToolResult {
  const all = [...session.tabs(), ...session.freeTabs()];
  const shown = all.slice(0, MOST_LISTED);
  const lines = shown.map(({ id, url, title, isCurrent, state }) => {
    const marks = [isCurrent ? 'current' : '', state === 'ready' ? '' : state].filter((mark) => mark !== '');
    return `${id}${marks.length === 0 ? '' : ` (${marks.join(', ')})`} ${quoted(title, 100)} ${quoted(url, 200)}`;
  });
  const more = all.length > MOST_LISTED ? [`… and ${all.length - MOST_LISTED} more`] : [];
  const free = all.some(({ state }) => state === 'free')
    ? ['Free ones belong to no session: select one to use it.']
    : [];
  return {
    text: all.length === 0 ? 'No tab is open.' : [...lines, ...more, ...free].join('\n'),
    structured: {
      tabs: shown.map(({ id, url, title, isCurrent, state }) => ({ id, url, title, isCurrent, state })),
      total: all.length,
    },
  };
}
