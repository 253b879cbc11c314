import { ToolError } from '@deskhand/server-runtime';
import { z } from 'zod';
import { DialogOpen } from '../browser/failure.ts';
import { toToolError } from '../errors.ts';
import { actions, type ActionName, type Tell } from './action.ts';
import { stepFailed, type Progress } from './performance.ts';
import type { Deed, Scene } from './scene.ts';
import { settle } from './settling.ts';

const NAMES = ['click', 'hover', 'drag', 'fill', 'fill_form', 'press_key', 'scroll', 'wait_for'] as const;

export const step = z.looseObject({ action: z.enum(NAMES) });
export type Step = z.output<typeof step>;

interface Planned {
  readonly name: ActionName;
  run(scene: Scene): Promise<void>;
}

/** Checks all steps before the first is done. */
export function plan(steps: readonly Step[], tell: Tell): readonly Planned[] {
  return steps.map(({ action: name, ...input }, index) => {
    const action: { input: z.ZodObject; run(scene: Scene, given: unknown, say: Tell): Promise<void> } =
      actions[name];
    const parsed = action.input.safeParse(input);
    if (parsed.success) return { name, run: (scene: Scene) => action.run(scene, parsed.data, tell) };
    throw new ToolError(
      'invalid_arguments',
      `Step ${index + 1} (${name}) is not right, and nothing was done: ${z.prettifyError(parsed.error)}`,
      {
        hint: 'Its arguments are those of the tool, beside action.',
      },
    );
  });
}

/**
 * Does the steps in order until one fails.
 *
 * @throws ToolError step_failed, with what was done and what was not
 */
export async function runSteps(scene: Scene, steps: readonly Planned[], progress: Progress): Promise<void> {
  const done: string[] = [];
  for (const [index, planned] of steps.entries()) {
    const left = steps.slice(index + 1).map((later, at) => `${index + at + 2} ${later.name}`);
    Object.assign(progress, { step: index + 1, left });
    const told: Deed[] = [];
    const within: Scene = {
      ...scene,
      did: (deed) => {
        told.push(deed);
        scene.did(deed);
      },
    };
    try {
      await planned.run(within);
      if (left.length > 0 && scene.watch.startedNavigations > 0) await settle(scene, scene.tab.main);
    } catch (error) {
      const known = toToolError(error);
      if (known === null || (error instanceof DialogOpen && left.length === 0)) throw error;
      throw stepFailed(known, { done, step: index + 1, left });
    }
    done.push(...told.map(({ did }) => did));
  }
}
