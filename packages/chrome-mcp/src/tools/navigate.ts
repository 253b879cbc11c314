import {
  ANSWER_MS,
  defineTool,
  quoted,
  ToolError,
  type Tool,
  type ToolResult,
} from '@deskhand/server-runtime';
import { z } from 'zod';
import type { TabWatch } from '../browser/activity.ts';
import { patiently, unlessAborted } from '../browser/turns.ts';
import { NoHistory, travel, type Arrival, type Destination } from '../browser/navigation.ts';
import type { Obstacle } from '../egress/egress.ts';
import { shortened } from '../origin-refusal.ts';
import type { BrowserSession } from '../session.ts';
import { destination } from './address.ts';
import { credentialsNeeded, navigationFailure } from './navigation-failure.ts';

/** How long to wait for a file, in milliseconds. */
const DOWNLOAD_MS = 2_000;

export const navigate = (session: BrowserSession): Tool =>
  defineTool({
    name: 'navigate',
    title: 'Navigate',
    description:
      'Opens an address in a tab, or goes back, forward or reloads. Gives address, status and title.',
    input: z.object({
      url: z.string().optional(),
      action: z.enum(['back', 'forward', 'reload']).optional(),
      tab: z.string().optional().describe('Default: the current one'),
    }),
    annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
    timeoutMs: 2 * ANSWER_MS,
    run: async ({ url, action, tab: id }, call) => {
      const { signal } = call;
      const to = destination(url, action);
      if (to.kind === 'url') await session.admit(to.url, call);
      const work = { signal, mends: true };
      const { tab, result, asked } = await session.inTab(
        id,
        async (tab, within) => {
          const watch = tab.watch();
          try {
            const left = await tab.dialogs.leaving(() => going(to, () => travel(tab, to, within)));
            if (left.result.download !== null) await whole(session, watch, within);
            return { tab: tab.id, ...left };
          } finally {
            watch.stop();
          }
        },
        work,
      );
      const note = asked ? ' The page asked whether to leave; the answer was yes.' : '';
      const obstacle = session.obstacle(result.asked ?? '');
      if (result.failure !== null && result.asked !== null) session.toldRefusal(result.asked);
      const place = result.asked ?? result.url;
      const hasCredentials =
        URL.canParse(place) && session.secrets.credentials(new URL(place).origin) !== null;
      return answer({ tab, to, arrival: result, note, obstacle, hasCredentials });
    },
  });

/** A small file is whole before the answer, which then says where it is. */
async function whole(session: BrowserSession, watch: TabWatch, signal: AbortSignal): Promise<void> {
  // of another one a later answer says when it is
  await patiently(DOWNLOAD_MS, signal, async (within) => {
    await unlessAborted(begun(watch), within);
    await session.downloaded(within);
  });
}

const begun = (watch: TabWatch): Promise<void> =>
  new Promise((resolve) => {
    if (watch.downloads.length > 0) resolve();
    watch.onChange(({ kind }) => {
      if (kind === 'download') resolve();
    });
  });

async function going<T>(to: Destination, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NoHistory)) throw error;
    throw new ToolError('no_history', `The tab has no page to go ${to.kind} to`, {
      hint: 'Open an address with url.',
      cause: error,
    });
  }
}

interface Outcome {
  readonly tab: string;
  readonly to: Destination;
  readonly arrival: Arrival;
  readonly note: string;
  readonly obstacle: Obstacle | null;
  /** The person gave a name and a password for it. */
  readonly hasCredentials: boolean;
}

function answer({ tab, to, arrival, note, obstacle, hasCredentials }: Outcome): ToolResult {
  const { url, title, status, statusText, redirects, isLoading, failure, download, asked, challenge } =
    arrival;
  if (failure === null && download !== null) {
    return {
      text: `${download} is a download; ${tab} stays where it was.${note}`,
      structured: { tab, url, download },
    };
  }
  const via = redirects.length === 0 ? '' : `, redirected from ${redirects.map(address).join(', ')}`;
  if (status === 401 && challenge !== null) {
    throw credentialsNeeded({ url: asked ?? url, challenge, hasCredentials, note });
  }
  if (status !== null && status >= 400) {
    const said = statusText === '' ? `${status}` : `${status} ${quoted(statusText, 100)}`;
    throw new ToolError('http_error', `The server answered ${said} for ${address(url)}${via}`, {
      hint: `Its page is open in ${tab}: a snapshot shows what it says.${note}`,
      details: { tab, url, status, title },
    });
  }
  if (failure !== null) {
    const what = to.kind === 'url' ? shortened(to.url) : `the page (${to.kind})`;
    throw navigationFailure({ said: `Could not open ${what}`, failure, note, obstacle, asked });
  }
  const loading = isLoading ? ' It is still loading.' : '';
  const code = status === null ? '' : `, status ${status}`;
  return {
    text: `${tab} shows ${address(url)}${code}, title ${quoted(title, 200)}${via}.${loading}${note}`,
    structured: { tab, url, status, title, redirects, isLoading },
  };
}

/** An address that the page had a say in. */
const address = (url: string): string => quoted(url, 500);
