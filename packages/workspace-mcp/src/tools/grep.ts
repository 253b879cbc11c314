import { defineTool, fenced, markedLine, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { Access } from '../permissions/file-access.ts';
import type { WorkspaceSession } from '../session.ts';
import type { Requests } from '../worker/requests.ts';
import { NO_FOLDER } from './list-mounts.ts';

const LINES = 250;

const input = z.object({
  pattern: z.string().describe('Regular expression of ripgrep'),
  path: z.string().optional().describe('File or folder; default: all'),
  output_mode: z
    .enum(['files_with_matches', 'content', 'count'])
    .default('files_with_matches')
    .describe('Names, lines or numbers of lines'),
  glob: z.string().optional().describe('Only files such as *.{ts,tsx}'),
  type: z.string().optional().describe('Only files of a kind: js, py, rust'),
  '-i': z.boolean().optional().describe('Whatever the case'),
  // numbers of lines are always there
  '-n': z.boolean().optional().meta({ unlisted: true }),
  '-A': z.int().min(0).optional().describe('Lines after each'),
  '-B': z.int().min(0).optional().describe('Lines before each'),
  '-C': z.int().min(0).optional().describe('Lines around each'),
  multiline: z.boolean().optional().describe('A match may go over several lines'),
  head_limit: z.int().positive().optional().describe(`Lines of the answer; default ${LINES}`),
  offset: z.int().min(0).optional().describe('Lines of the answer to leave out'),
});

export const grepFiles = (session: WorkspaceSession, access: Access): Tool =>
  defineTool({
    name: 'Grep',
    title: 'Grep',
    description: 'Searches in files with ripgrep; without those that .gitignore names.',
    input,
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    run: async (asked, call) => {
      if (session.mounts.length === 0) return { text: NO_FOLDER, structured: { lines: 0, more: false } };
      const request = requestOf(asked, session.root);
      const without = [...(await access.hidden(request.path, call))];
      const { lines, more } = await session.ask('grep', { ...request, without }, call.signal);
      const head = headOf({ found: lines.length, more }, request);
      const next = more ? [`(More: offset ${request.offset + lines.length})`] : [];
      return {
        text: untrustedAnswer(head, [...fenced(lines.map(markedLine)), ...next], { from: 'the files' }),
        structured: { lines: lines.length, more },
      };
    },
  });

/** How many, of what and where, and in which order when there are several. */
function headOf(
  { found, more }: { readonly found: number; readonly more: boolean },
  { path, mode, offset }: ReturnType<typeof requestOf>,
): string {
  const behind = offset === 0 ? '' : ` behind the first ${offset}`;
  if (found === 0) return `Nothing in ${path}${behind}`;
  const [kind, order] = mode === 'content' ? ['line', 'by path'] : ['file', 'the newest first'];
  const count = found === 1 ? `1 ${kind}` : `${found} ${kind}s`;
  const which = more ? `The ${offset === 0 ? 'first' : 'next'} ${count}` : count;
  return `${which} in ${path}${behind}${found === 1 && !more ? '' : `, ${order}`}`;
}

function requestOf(asked: z.output<typeof input>, root: string): Omit<Requests['grep'], 'without'> {
  const {
    pattern,
    path = root,
    output_mode: mode,
    glob,
    type,
    multiline,
    head_limit: limit = LINES,
    offset = 0,
  } = asked;
  const { '-i': ignoreCase, '-C': around, '-A': after = around, '-B': before = around } = asked;
  return { ...{ pattern, path, mode, glob, type, multiline, ignoreCase, after, before }, limit, offset };
}
