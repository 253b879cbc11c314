import { defineTool, quoted, untrustedAnswer, type Tool, type ToolResult } from '@deskhand/server-runtime';
import { z } from 'zod';
import { travel } from '../../browser/navigation.ts';
import type { BrowserSession } from '../../session.ts';
import { insightsOf, type TraceInsights } from './trace.ts';
import type { Tracing } from './tracing.ts';
import { vitalsOf } from './vitals.ts';
import { vitalLines } from './vitals-text.ts';

export const performanceTrace = (session: BrowserSession, tracing: Tracing): Tool =>
  defineTool({
    name: 'performance_trace',
    title: 'Performance trace',
    description:
      'Starts to record what a page does, on demand with a reload, or stops: vitals, long tasks, requests that held up painting, and a file for DevTools.',
    input: z.object({
      action: z.enum(['start', 'stop']),
      reload: z.boolean().default(false).describe('With start: load the page anew'),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
    run: ({ action, reload, tab }, { signal }) =>
      action === 'start' ? start(session, tracing, { reload, tab, signal }) : stop(session, tracing, signal),
  });

async function start(
  session: BrowserSession,
  tracing: Tracing,
  {
    reload,
    tab,
    signal,
  }: { readonly reload: boolean; readonly tab: string | undefined; readonly signal: AbortSignal },
): Promise<ToolResult> {
  return session.inTab(
    tab,
    async (used, within) => {
      await tracing.start(used, within);
      if (reload) await travel(used, { kind: 'reload' }, within);
      return { text: `A trace of ${used.id} is on${reload ? ', and the page was loaded anew' : ''}.` };
    },
    { signal },
  );
}

async function stop(session: BrowserSession, tracing: Tracing, signal: AbortSignal): Promise<ToolResult> {
  const { tab, text } = await tracing.stop(signal);
  const path = await session.files.write('trace', 'json', text);
  const insights = insightsOf(text);
  const vitals = await tab.inTurn((within) => vitalsOf(tab, within), signal);
  const { length, events } = insights;
  const head = `${tab.id}: ${(length / 1_000).toFixed(1)} s, ${events} events, in ${path}`;
  return {
    text: untrustedAnswer(head, [...vitalLines(vitals), ...insightLines(insights)], { from: 'the page' }),
    structured: { path, vitals, longTasks: insights.longTaskCount },
  };
}

const ms = (value: number): string => `${Math.round(value)} ms`;

const insightLines = ({ longTasks, longTaskCount, blocking }: TraceInsights): readonly string[] => [
  `${longTaskCount} long tasks in the trace${longTaskCount === 0 ? '' : ', the longest:'}`,
  ...longTasks.map(({ ms: took, at, by }) => `  ${ms(took)} at ${ms(at)}: ${quoted(by, 250)}`),
  `${blocking.length === 0 ? 'No request' : 'Requests that'} held up the first paint${blocking.length === 0 ? '' : ':'}`,
  ...blocking.map(({ ms: took, bytes, url }) => `  ${ms(took)}, ${bytes} bytes: ${quoted(url, 250)}`),
];
