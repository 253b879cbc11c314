import {
  defineTool,
  fenced,
  markedLine,
  ToolError,
  type Tool,
  type ToolResult,
} from '@deskhand/server-runtime';
import { z } from 'zod';
import type { UndoAnswer } from '../checkpoints/undo.ts';
import { ruledOut } from '../permissions/file-access.ts';
import type { WorkspaceSession } from '../session.ts';
import { MINUTES } from './checkpoint.ts';

const SHOWN = 20;

export const undo = (session: WorkspaceSession): Tool =>
  defineTool({
    name: 'undo',
    title: 'Undo',
    description:
      'Takes the newest step back, or the one that is named, or all from one on. What somebody else changed since is shown and kept. An undo is a step too.',
    input: z.object({
      step: z.int().positive().optional().describe('Only this one'),
      to: z.int().positive().optional().describe('This one and all after it'),
      dry_run: z.boolean().optional().describe('Show what it would change'),
      overwrite: z.boolean().optional().describe('Also what the person changed since: ask them first'),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: false },
    timeoutMs: MINUTES,
    run: async ({ step, to, dry_run: dryRun = false, overwrite }, { signal }) => {
      if (step !== undefined && to !== undefined) {
        throw new ToolError('invalid_arguments', 'step and to were both given', {
          hint: 'step takes that one back alone, to takes it back with all after it.',
        });
      }
      const request = { step, to, overwrite };
      const hasRules = session.mounts.some((mount) => session.paths.rulesOf(mount).restrict);
      if (hasRules && !dryRun)
        refuseRuled(session, await session.checkpoints.undo({ ...request, dryRun: true }, signal));
      return answerOf(await session.checkpoints.undo({ ...request, dryRun }, signal), dryRun);
    },
  });

/** It is done outside of the sandbox, where nothing is covered. */
function refuseRuled(
  session: WorkspaceSession,
  { made, replaced, removed, foreign }: Pick<UndoAnswer, 'made' | 'replaced' | 'removed' | 'foreign'>,
): void {
  for (const path of [...made, ...replaced, ...removed, ...foreign]) {
    const said = session.paths.said('Edit', path);
    if (said !== null && said.decision !== 'allow') throw ruledOut(said, path);
  }
}

function answerOf(answer: UndoAnswer, dryRun: boolean): ToolResult {
  const { steps, made, replaced, removed, foreign, failed, number } = answer;
  const count = made.length + replaced.length + removed.length;
  const paths = count === 1 ? '1 path' : `${count} paths`;
  const which = steps.length === 1 ? `step ${steps.join()}` : `steps ${steps.join(', ')}`;
  if (count === 0 && failed.length === 0) return nothingToUndo(answer, which);
  const again = againText(answer, dryRun);
  const head = dryRun
    ? `Undoing ${which} would change ${paths}; nothing was changed.`
    : `Undid ${which}: ${paths} changed.${number === null ? '' : ` That is step ${number}, and can be undone.`}`;
  const rows = [
    ...part('back again', made),
    ...part('as before', replaced),
    ...part('removed', removed),
    ...part(dryRun ? 'changed by somebody else since' : 'overwritten, though changed since', foreign),
    ...part(
      'NOT changed',
      failed.map(({ path, why }) => `${path}: ${why}`),
    ),
  ];
  return {
    text: [head + again, ...fenced(rows.map(markedLine))].join('\n'),
    structured: { ...answer, ...counts(answer) },
  };
}

/** For whoever took a step back twice, to go back further. */
function againText({ steps, again }: UndoAnswer, dryRun: boolean): string {
  if (again === null) return '';
  const [those, did] =
    again.steps.length === 1
      ? [`step ${again.steps.join()}`, 'that did']
      : [`steps ${again.steps.join(', ')}`, 'those did'];
  const [was, is] = dryRun ? ['is', 'would be'] : ['was', 'is'];
  const { earlier } = again;
  const further = earlier === null ? '' : ` To go further back, name step ${earlier}, or to: ${earlier}.`;
  return ` Step ${steps.join()} ${was} the undo of ${those}: what ${did} ${is} there again.${further}`;
}

/** Such as after a checkpoint since which nothing was changed. */
const nothingToUndo = (answer: UndoAnswer, which: string): ToolResult => ({
  text: `All is as it was before ${which}, so there is nothing to undo. An earlier step has to be named: checkpoint lists them.`,
  structured: { ...answer, ...counts(answer) },
});

function part(word: string, paths: readonly string[]): readonly string[] {
  const more = paths.length > SHOWN ? [`${word}: ${paths.length - SHOWN} more`] : [];
  return [...paths.slice(0, SHOWN).map((path) => `${word}: ${path}`), ...more];
}

/** Programs get no more names than a model does. */
const counts = ({ made, replaced, removed, foreign, failed }: UndoAnswer) => ({
  ...{ made: made.length, replaced: replaced.length, removed: removed.length },
  ...{ foreign: foreign.length, failed: failed.length },
});
