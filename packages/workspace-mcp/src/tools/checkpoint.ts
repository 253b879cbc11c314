import { defineTool, fenced, markedLine, ToolError, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { Step } from '../checkpoints/node.ts';
import type { WorkspaceSession } from '../session.ts';

const SHOWN = 50;
export const MINUTES = 5 * 60_000;

export const checkpoint = (session: WorkspaceSession): Tool =>
  defineTool({
    name: 'checkpoint',
    title: 'Checkpoint',
    description:
      'With label, keeps all folders as they are now, as a step that undo can go back to. Without, lists the steps.',
    input: z.object({ label: z.string().min(1).max(200).optional() }),
    annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
    timeoutMs: MINUTES,
    run: async ({ label }, { signal }) => {
      const { checkpoints } = session;
      if (label === undefined) return listed(checkpoints.list());
      const made = await checkpoints.before({ label, paths: 'all' }, signal);
      if (made === null) {
        throw new ToolError('nothing_to_keep', 'no folder is mounted that may be written to', {
          hint: 'list_mounts says which there are.',
        });
      }
      const { number, notes } = made;
      return { text: [`Kept as step ${number}.`, ...notes].join(' '), structured: { step: number } };
    },
  });

function listed(steps: readonly Step[]) {
  const shown = steps.slice(-SHOWN);
  const rows = shown.map(
    ({ number, at, label, bytes }) =>
      `${number}  ${at.slice(0, 19).replace('T', ' ')}  ${label}${bytes === 0 ? '' : ` (${bytes} B more on disk)`}`,
  );
  const head = steps.length === 0 ? 'No steps.' : `${steps.length} steps, the newest last:`;
  return {
    text: [head, ...fenced(rows.map(markedLine))].join('\n'),
    structured: { steps: shown.map(({ number, at, label, bytes }) => ({ step: number, at, label, bytes })) },
  };
}
