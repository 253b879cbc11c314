import { defineTool, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { PortRequests } from '../ports/port-requests.ts';
import type { WorkspaceSession } from '../session.ts';

export const requestPort = (session: WorkspaceSession, ports: Pick<PortRequests, 'ask'>): Tool =>
  defineTool({
    name: 'request_port',
    title: 'Ask for a port',
    description:
      'Asks the person to let commands reach a port of their computer at localhost, or to share a port that a command serves with them.',
    input: z.object({
      port: z.int().min(1).max(65_535),
      direction: z.enum(['reach', 'share']).default('reach'),
      reason: z.string().min(1).max(300).describe('Why, for the person'),
    }),
    annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: true },
    always: true,
    run: async ({ port, direction, reason }, call) => {
      const isNew = await ports.ask(session, { port, direction, reason }, call);
      const where =
        direction === 'reach'
          ? `Commands reach port ${port} of the person's computer at localhost:${port}`
          : `What commands serve at port ${port} is at localhost:${port} of the person's computer`;
      return { text: `${where}${isNew ? ', from now on' : ' already'}.`, structured: { port, direction } };
    },
  });
