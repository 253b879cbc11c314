import { defineTool, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { WorkspaceSession } from '../session.ts';

/** What to do where there is nothing to work in. */
export const NO_FOLDER =
  'No folder is mounted. Ask for one with request_cowork_directory, or tell the person to start the server with --mount NAME=PATH.';

export const listMounts = (session: WorkspaceSession): Tool =>
  defineTool({
    name: 'list_mounts',
    title: 'List folders',
    description:
      'The folders that the person mounted, with their paths here, and whether they may be written to.',
    input: z.object({}),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    atOnce: true,
    run: () => {
      const mounts = session.mounts.map(({ name, access }) => ({ path: `${session.root}/${name}`, access }));
      const text =
        mounts.length === 0
          ? NO_FOLDER
          : mounts
              .map(({ path, access }) => `${path} (${access === 'rw' ? 'read and write' : 'read only'})`)
              .join('\n');
      return Promise.resolve({ text, structured: { mounts } });
    },
  });
