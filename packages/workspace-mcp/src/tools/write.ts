import { defineTool, ToolError, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { Access } from '../permissions/file-access.ts';
import type { WorkspaceSession } from '../session.ts';
import { kept } from './kept.ts';

const HALF_A_PAIR = /\p{Cs}/u;

export const writeFile = (session: WorkspaceSession, access: Access): Tool =>
  defineTool({
    name: 'Write',
    title: 'Write',
    description:
      'Makes a file, with the folders above it, or replaces one that was read before. It is written whole or not at all.',
    input: z.object({ file_path: z.string(), content: z.string() }),
    annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
    run: async ({ file_path: path, content }, call) => {
      const isAscii = Buffer.byteLength(content) === content.length;
      const bytes = Buffer.from(content, isAscii ? 'latin1' : 'utf8');
      if (!isAscii && HALF_A_PAIR.test(content)) {
        throw new ToolError('not_encodable', 'the content has a half of a character (a lone surrogate)', {
          hint: 'Leave it out, or write it as an escape.',
        });
      }
      const { done, step, note } = await kept(
        session,
        { tool: 'Write', path, access, call },
        {
          begin: (at) => session.ask('beginWrite', { path, at }, call.signal, bytes),
          finish: (sha256) => session.ask('write', { path, kept: sha256 }, call.signal),
        },
      );
      const { created, folders, path: written } = done;
      const made = folders.length === 0 ? '' : `, and made ${folders.join(', ')}`;
      return {
        text: `${created ? 'Made' : 'Replaced'} ${written}, ${done.bytes} ${done.bytes === 1 ? 'byte' : 'bytes'}${made}.${note}`,
        structured: { path: written, bytes: done.bytes, created, ...(step !== null && { step }) },
      };
    },
  });
