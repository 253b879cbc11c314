import { defineTool, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { limitWords } from '../limits.ts';
import { networkWords } from '../network-option.ts';
import type { SandboxState, WorkspaceSession } from '../session.ts';

const MIB = 1024 ** 2;

export const status = (session: WorkspaceSession): Tool =>
  defineTool({
    name: 'status',
    title: 'Status',
    description: 'Folders, sandbox, network, limits and checkpoints of this session.',
    input: z.object({}),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    atOnce: true,
    run: async () => {
      const mounts = session.mounts.map(({ name, access }) => `${session.root}/${name} (${access})`);
      const steps = session.checkpoints.list();
      const bytes = session.checkpoints.bytes;
      const state = await session.sandboxState();
      const { isRunning, failure, weaknesses } = state;
      const first = steps[0]?.number;
      const span = first === undefined ? '' : `, ${first} to ${steps.at(-1)?.number ?? first}`;
      return {
        text: [
          `Folders: ${mounts.join(', ') || 'none'}`,
          `Sandbox: ${[...(session.isFilesOnly && failure === null ? [] : [stateOf(state)]), ...weaknesses].join('; ')}`,
          ...(session.isFilesOnly ? [] : confinementLines(session)),
          `Checkpoints: ${steps.length} steps${span}, ${(bytes / MIB).toFixed(1)} MiB`,
        ].join('\n'),
        structured: { mounts, isRunning, failure, weaknesses, steps: steps.length, checkpointBytes: bytes },
      };
    },
  });

function confinementLines({ confinement: { network, limits }, ports }: WorkspaceSession): readonly string[] {
  return [`Network: ${networkWords(network, ports)}`, `Limits: ${limitWords(limits)}`];
}

function stateOf({ isRunning, failure }: Pick<SandboxState, 'isRunning' | 'failure'>): string {
  if (failure !== null) return `did not start, and nothing is done without it: ${failure}`;
  return isRunning ? 'running' : 'starts with the next call';
}
