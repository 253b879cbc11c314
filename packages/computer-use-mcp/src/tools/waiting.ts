import { defineTool, type Tool } from '@deskhand/server-runtime';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const MAX_WAIT_S = 300;

export const waitingTools = (): readonly Tool[] => [wait()];

const wait = (): Tool =>
  defineTool({
    name: 'wait',
    title: 'Wait',
    description: 'Waits for something on the screen to finish.',
    input: z.object({ duration: z.number().min(0).max(MAX_WAIT_S).describe('Seconds') }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    timeoutMs: (MAX_WAIT_S + 10) * 1000,
    run: async ({ duration }, call) => {
      for (let waited = 0; waited < duration; waited++) {
        await delay(Math.min(1, duration - waited) * 1000, undefined, { signal: call.signal });
        call.progress(Math.min(duration, waited + 1), duration);
      }
      return { text: `Waited ${duration} s.` };
    },
  });
