import {
  defineTool,
  fenced,
  markedLine,
  safeLine,
  untrustedAnswer,
  type CallContext,
  type Tool,
} from '@deskhand/server-runtime';
import { z } from 'zod';
import type { Access } from '../permissions/file-access.ts';
import type { WorkspaceSession } from '../session.ts';
import type { Requests } from '../worker/requests.ts';
import { NO_FOLDER } from './list-mounts.ts';

const MOST_SHOWN = 100;

export const globFiles = (session: WorkspaceSession, access: Access): Tool =>
  defineTool({
    name: 'Glob',
    title: 'Glob',
    description:
      'Finds files by name, such as **/*.md, the newest first; without those that .gitignore names.',
    input: z.object({
      pattern: z.string(),
      path: z.string().optional().describe('Folder to look in; default: all'),
    }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    run: async ({ pattern, path = session.root }, call) => {
      if (session.mounts.length === 0) return { text: NO_FOLDER, structured: { count: 0, more: false } };
      const without = [...(await access.hidden(path, call))];
      const request = { pattern: below(session, path, pattern), path, without };
      const { lines, more } = await session.ask('glob', request, call.signal);
      if (lines.length === 0)
        return { text: await nothingIn(session, request, call), structured: { count: 0, more } };
      const count = lines.length === 1 ? '1 file' : `${lines.length} files`;
      const head = `${more ? `The first ${count}` : count} in ${path}`;
      return {
        text: untrustedAnswer(
          head,
          [...fenced(lines.map(markedLine)), ...(more ? ['(More: give a narrower pattern or a path)'] : [])],
          { from: 'the folder' },
        ),
        structured: { count: lines.length, more },
      };
    },
  });

/** What would be found instead. */
async function nothingIn(
  session: WorkspaceSession,
  { pattern, ...where }: Requests['glob'],
  { signal }: CallContext,
): Promise<string> {
  const isAny = async (wider: string): Promise<boolean> =>
    (await session.ask('glob', { ...where, pattern: wider }, signal)).lines.length > 0;
  const shown = safeLine(pattern, MOST_SHOWN);
  const deeper = `**/${pattern.replace(/^\.?\/+/, '')}`;
  if (!pattern.includes('**') && (await isAny(deeper)))
    return `No file in ${where.path} fits ${shown}, but some below it do: try ${safeLine(deeper, MOST_SHOWN)}.`;
  if (await isAny('**')) return `No file in ${where.path} fits ${shown}.`;
  return `${where.path} is empty: no file is in it or below, besides those that .gitignore names.`;
}

/** A pattern may begin with the path, as those of other programs do, or be that of a mounted folder as a whole. */
function below({ root, mounts }: WorkspaceSession, path: string, pattern: string): string {
  const folder = path.replace(/\/*$/, '/');
  const plain = pattern.replace(/\/*$/, '/');
  const isWhole = [folder, `${root}/`, ...mounts.map(({ name }) => `${root}/${name}/`)].includes(plain);
  const whole = isWhole ? `${plain}**` : pattern;
  return whole.startsWith(folder) ? whole.slice(folder.length) : whole;
}
