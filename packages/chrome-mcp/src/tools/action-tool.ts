import { defineTool, type Tool, type ToolAnnotations } from '@deskhand/server-runtime';
import { z } from 'zod';
import { actions, type ActionName, type Tell } from '../actions/action.ts';
import { perform, type Performance } from '../actions/performance.ts';
import type { Scene } from '../actions/scene.ts';

/** Changes what the page shows, and maybe more; a second time is a second time. */
export const ACTS = { readOnly: false, destructive: true, idempotent: false, openWorld: true } as const;

export const tab = z.string().optional();

interface ActionTool {
  readonly name: ActionName;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly timeoutMs?: number;
}

/** A tool that does one action in a tab. */
export function actionTool(on: Pick<Performance, 'session' | 'looks'>, about: ActionTool): Tool {
  const action: { input: z.ZodObject; run(scene: Scene, given: unknown, tell: Tell): Promise<void> } =
    actions[about.name];
  return defineTool({
    ...about,
    input: action.input.safeExtend({ tab }),
    run: ({ tab: id, ...input }, call) => {
      const tell: Tell = (done, total, message) => call.progress(done, total, message);
      const work = (scene: Scene): Promise<void> => action.run(scene, input, tell);
      return perform({ ...on, tab: tab.parse(id), call }, work);
    },
  });
}
