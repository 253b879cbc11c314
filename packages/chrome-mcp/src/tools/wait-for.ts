import { defineTool, type Tool } from '@deskhand/server-runtime';
import { MAX_WAIT_S, WAIT_S, waitInput } from '../actions/action.ts';
import { lookFor, waitUntil } from '../actions/waiting.ts';
import type { BrowserSession } from '../session.ts';
import { tab } from './action-tool.ts';

/** A turn for each look, so that a wait may be longer than a call and keeps no other one waiting. */
export const waitFor = (session: BrowserSession): Tool =>
  defineTool({
    name: 'wait_for',
    title: 'Wait',
    description: 'Waits until a text shows or is gone, or the address contains url.',
    input: waitInput.safeExtend({ tab }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    timeoutMs: (MAX_WAIT_S + 10) * 1000,
    run: async ({ tab: id, seconds = WAIT_S, ...awaited }, call) => {
      const waited = await session.tab(id, call.signal);
      const look = (capMs: number): Promise<string | null> =>
        waited.inTurn((signal) => lookFor({ tab: waited, signal }, awaited, capMs), call.signal);
      const tell = (done: number, total?: number, message?: string): void =>
        call.progress(done, total, message);
      return { text: `${await waitUntil(waited, awaited, { ms: seconds * 1000, tell, look })}.` };
    },
  });
