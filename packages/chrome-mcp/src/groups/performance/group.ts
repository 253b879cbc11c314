import type { Group } from '../group.ts';
import { performanceTrace } from './performance-trace.ts';
import { performanceVitals } from './performance-vitals.ts';
import { Tracing } from './tracing.ts';

export const performanceGroup: Group = {
  name: 'performance',
  about: 'web vitals, traces with insights',
  offers: ['performance_vitals', 'performance_trace'],
  open: (session) => {
    const tracing = new Tracing();
    return {
      tools: [performanceVitals(session), performanceTrace(session, tracing)],
      close: () => tracing.forget(),
    };
  },
};
