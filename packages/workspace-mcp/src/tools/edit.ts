import { defineTool, type Tool, type ToolResult } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { Access } from '../permissions/file-access.ts';
import type { WorkspaceSession } from '../session.ts';
import type { AnswerOf } from '../worker/answers.ts';
import type { Requests } from '../worker/requests.ts';
import { kept, type KeptWork, type Work } from './kept.ts';
import { DATA, numbered } from './numbered.ts';

const ANNOTATIONS = { readOnly: false, destructive: true, idempotent: false, openWorld: false };

const edit = {
  old_string: z.string().describe('Words that are there exactly once'),
  new_string: z.string(),
  replace_all: z.boolean().optional().describe('All places that have them'),
};
const dry_run = z.boolean().optional().describe('Show what it would be, and change nothing');

export const editFile = (session: WorkspaceSession, access: Access): Tool =>
  defineTool({
    name: 'Edit',
    title: 'Edit',
    description: 'Replaces words in a file. All other bytes stay: line ends, encoding, mode.',
    input: z.object({ file_path: z.string(), ...edit, dry_run }),
    annotations: ANNOTATIONS,
    run: async ({ file_path: path, dry_run: dryRun = false, ...words }, call) =>
      answerOf(await edited(session, { path, edits: [words], dryRun }, { tool: 'Edit', access, call })),
  });

export const multiEdit = (session: WorkspaceSession, access: Access): Tool =>
  defineTool({
    name: 'MultiEdit',
    title: 'Edit in several places',
    description: 'Applies edits to a file one after the other, all of them or none.',
    input: z.object({ file_path: z.string(), edits: z.array(z.object(edit)).min(1), dry_run }),
    annotations: ANNOTATIONS,
    run: async ({ file_path: path, dry_run: dryRun = false, edits }, call) =>
      answerOf(await edited(session, { path, edits, dryRun }, { tool: 'MultiEdit', access, call })),
  });

async function edited(
  session: WorkspaceSession,
  { dryRun, ...request }: Requests['tryEdit'] & { readonly dryRun: boolean },
  work: Omit<Work, 'path'>,
): Promise<KeptWork<AnswerOf<'edit'>>> {
  const { path } = request;
  const { signal } = work.call;
  if (dryRun) {
    await work.access.admit('Read', path, work.call);
    return { done: await session.ask('tryEdit', request, signal), step: null, note: '' };
  }
  return kept(
    session,
    { ...work, path },
    {
      begin: (at) => session.ask('beginEdit', { ...request, at }, signal),
      finish: (sha256) => session.ask('edit', { path, kept: sha256 }, signal),
    },
  );
}

function answerOf({ done, step, note: undo }: KeptWork<AnswerOf<'edit'>>): ToolResult {
  const { path, replaced, now, changedMeanwhile, parts } = done;
  const written = now !== null;
  const places = replaced === 1 ? '1 place' : `${replaced} places`;
  const did = written
    ? `Changed ${places} in ${path}`
    : `Would change ${places} in ${path}; nothing was changed`;
  const note = changedMeanwhile ? ' Somebody else had changed the file since it was read.' : '';
  const shown = parts.map(({ from, lines }) => numbered(lines, from).lines.join('\n')).join('\n     …\n');
  return {
    text: `${did}.${undo}${note} ${DATA}\n${shown}`,
    structured: { path, replaced, written, changedMeanwhile, ...(step !== null && { step }) },
  };
}
