import { defineTool, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { perform, type Progress } from '../actions/performance.ts';
import { plan, runSteps, step } from '../actions/steps.ts';
import type { BrowserSession } from '../session.ts';
import type { Looks } from '../snapshot/looks.ts';
import { ACTS, tab } from './action-tool.ts';

const MAX_STEPS = 50;

export const act = (session: BrowserSession, looks: Looks): Tool =>
  defineTool({
    name: 'act',
    title: 'Several actions',
    description:
      'Does actions in order until one fails: tools by name with their arguments, also hover {ref}, drag {from, to or by: [right, down]}, scroll {ref, by: [right, down], until: text}.',
    input: z.object({ steps: z.array(step).min(1).max(MAX_STEPS), tab }),
    annotations: ACTS,
    run: ({ steps, tab: id }, call) => {
      const planned = plan(steps, (done, total, message) => call.progress(done, total, message));
      const progress: Progress = { step: 0, left: [] };
      return perform({ session, looks, tab: id, call, progress }, (scene) =>
        runSteps(scene, planned, progress),
      );
    },
  });
