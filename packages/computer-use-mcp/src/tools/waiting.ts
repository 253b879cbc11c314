import { defineTool, type CallContext, type Tool } from '@deskhand/server-runtime';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { DesktopSession } from '../session.ts';
import { describeEffect } from './effect.ts';
import { locateRegion, region } from './region.ts';

const MAX_WAIT_S = 300;
/** Longer waits tell how far they are. */
const SILENT_S = 2;
/** What loads comes in parts; a screen that is never at rest is not waited for longer. */
const REST_MS = 200;
const CAP_MS = 5000;
/** A caret is seen twice in this time. */
const DOUBT_MS = 1500;

const annotations = { readOnly: true, destructive: false, idempotent: true, openWorld: false } as const;
const timeoutMs = (MAX_WAIT_S + 10) * 1000;
const duration = z
  .number()
  .max(MAX_WAIT_S)
  .refine((seconds) => seconds >= 0, 'no time is less than none')
  .describe('Seconds');

export const waitingTools = (session: DesktopSession): readonly Tool[] => [wait(), waitForChange(session)];

const wait = (): Tool =>
  defineTool({
    name: 'wait',
    title: 'Wait',
    description: 'Waits a number of seconds.',
    input: z.object({ duration }),
    annotations,
    timeoutMs,
    run: async ({ duration: seconds }, call) => {
      for (let waited = 0; waited < seconds; waited++) {
        await delay(Math.min(1, seconds - waited) * 1000, undefined, { signal: call.signal });
        call.progress(Math.min(seconds, waited + 1), seconds);
      }
      return { text: `Waited ${seconds} s.` };
    },
  });

const waitForChange = (session: DesktopSession): Tool =>
  defineTool({
    name: 'wait_for_change',
    title: 'Wait for change',
    description: 'Waits until the screen or a region changes and rests.',
    input: z.object({
      duration,
      region: region.optional(),
      frame: z.string().optional(),
    }),
    annotations: { ...annotations, openWorld: true },
    timeoutMs,
    run: async ({ duration: seconds, region: part, frame }, call) => {
      const place =
        part === undefined ? undefined : (await locateRegion(session, { region: part, frame })).rect;
      const watch = await session.watch(place);
      const stopTelling = tellProgress(seconds, call);
      try {
        const patience = { firstMs: seconds * 1000, restMs: REST_MS, capMs: CAP_MS, doubtMs: DOUBT_MS };
        const change = await watch.settled(patience, call.signal);
        if (change.effect === 'none') {
          const where = place === undefined ? 'on the screen' : 'there';
          return { text: `Nothing changed ${where} in ${seconds} s.`, structured: { effect: 'none' } };
        }
        return await describeEffect(session, change);
      } finally {
        stopTelling();
        watch.stop();
      }
    },
  });

function tellProgress(seconds: number, call: CallContext): () => void {
  if (seconds <= SILENT_S) return () => undefined;
  call.progress(0, seconds, 'watching');
  const start = performance.now();
  const timer = setInterval(() => {
    const waited = Math.round((performance.now() - start) / 1000);
    call.progress(Math.min(seconds, waited), seconds);
  }, 1000);
  return () => clearInterval(timer);
}
