import { defineTool, fenced, markedLine, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { Access } from '../permissions/file-access.ts';
import type { WorkspaceSession } from '../session.ts';
import { NO_FOLDER } from './list-mounts.ts';

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
      const head =
        lines.length === 0
          ? `No file in ${path} fits`
          : `${lines.length === 1 ? '1 file' : `${lines.length} files`} in ${path}`;
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

/** A pattern may begin with the path, as those of other programs do, or be that of a mounted folder as a whole. */
function below({ root, mounts }: WorkspaceSession, path: string, pattern: string): string {
  const folder = path.replace(/\/*$/, '/');
  const plain = pattern.replace(/\/*$/, '/');
  const isWhole = [folder, `${root}/`, ...mounts.map(({ name }) => `${root}/${name}/`)].includes(plain);
  const whole = isWhole ? `${plain}**` : pattern;
  return whole.startsWith(folder) ? whole.slice(folder.length) : whole;
}
