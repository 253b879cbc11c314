import { defineTool, type Tool, type ToolResult } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { WorkspaceSession } from '../session.ts';
import type { AnswerOf } from '../worker/calls.ts';
import { DATA, numbered } from './numbered.ts';

const ANNOTATIONS = { readOnly: false, destructive: true, idempotent: false, openWorld: false };

const edit = {
  old_string: z.string().describe('Words that are there exactly once'),
  new_string: z.string(),
  replace_all: z.boolean().optional().describe('All places that have them'),
};
const dry_run = z.boolean().optional().describe('Show what it would be, and change nothing');

export const editFile = (session: WorkspaceSession): Tool =>
  defineTool({
    name: 'Edit',
    title: 'Edit',
    description: 'Replaces words in a file. All other bytes stay: line ends, encoding, mode.',
    input: z.object({ file_path: z.string(), ...edit, dry_run }),
    annotations: ANNOTATIONS,
    run: async ({ file_path: path, dry_run: dryRun = false, ...words }, { signal }) =>
      answerOf(await session.ask('edit', { path, edits: [words], dryRun }, signal)),
  });

export const multiEdit = (session: WorkspaceSession): Tool =>
  defineTool({
    name: 'MultiEdit',
    title: 'Edit in several places',
    description: 'Applies edits to a file one after the other, all of them or none.',
    input: z.object({ file_path: z.string(), edits: z.array(z.object(edit)).min(1), dry_run }),
    annotations: ANNOTATIONS,
    run: async ({ file_path: path, dry_run: dryRun = false, edits }, { signal }) =>
      answerOf(await session.ask('edit', { path, edits, dryRun }, signal)),
  });

function answerOf({ path, replaced, written, changedMeanwhile, parts }: AnswerOf<'edit'>): ToolResult {
  const places = replaced === 1 ? '1 place' : `${replaced} places`;
  const did = written
    ? `Changed ${places} in ${path}`
    : `Would change ${places} in ${path}; nothing was changed`;
  const note = changedMeanwhile ? ' Somebody else had changed the file since it was read.' : '';
  const shown = parts.map(({ from, lines }) => numbered(lines, from).lines.join('\n')).join('\n     …\n');
  return {
    text: `${did}.${note} ${DATA}\n${shown}`,
    structured: { path, replaced, written, changedMeanwhile },
  };
}
