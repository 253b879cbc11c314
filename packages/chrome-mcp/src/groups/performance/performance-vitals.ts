import { defineTool, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { BrowserSession } from '../../session.ts';
import { vitalsOf } from './vitals.ts';
import { vitalLines } from './vitals-text.ts';

export const performanceVitals = (session: BrowserSession): Tool =>
  defineTool({
    name: 'performance_vitals',
    title: 'Web vitals',
    description:
      'LCP, CLS, INP, FCP and TTFB of the page as it was opened and used, with the elements behind them.',
    input: z.object({ tab: z.string().optional() }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    run: async ({ tab: id }, { signal }) =>
      session.inTab(
        id,
        async (tab, within) => {
          const found = await vitalsOf(tab, within);
          return { text: [`${tab.id}:`, ...vitalLines(found)].join('\n'), structured: { vitals: found } };
        },
        { signal },
      ),
  });
