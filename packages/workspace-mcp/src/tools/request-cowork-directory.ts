import { defineTool, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { FolderRequests } from '../folders/folder-requests.ts';
import type { WorkspaceSession } from '../session.ts';

export const requestCoworkDirectory = (
  session: WorkspaceSession,
  folders: Pick<FolderRequests, 'ask'>,
): Tool =>
  defineTool({
    name: 'request_cowork_directory',
    title: 'Ask for a folder',
    description:
      'Asks the person for a folder of their computer. It can be used at once, at the path that comes back.',
    input: z.object({
      path: z.string().optional().describe('On their computer; without it they pick one'),
      access: z.enum(['ro', 'rw']).default('rw'),
      reason: z.string().min(1).max(300).describe('Why, for the person'),
    }),
    annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
    always: true,
    run: async (wanted, call) => {
      const { path, folder, access, isNew } = await folders.ask(session, wanted, call);
      const how = access === 'rw' ? 'read and write' : 'read only';
      const text = isNew ? `Mounted at ${path} (${how}).` : `It is there already, at ${path} (${how}).`;
      return { text, structured: { path, folder, access } };
    },
  });
