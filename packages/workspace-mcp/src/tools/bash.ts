import { defineTool, ToolError, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { answerOf } from '../shell/answer.ts';
import type { Commands } from '../shell/commands.ts';

const WAIT_MS = 20_000;
const LONGEST_MS = 600_000;

export const bash = (commands: Commands): Tool =>
  defineTool({
    name: 'Bash',
    title: 'Bash',
    description:
      'Runs a command in the one shell of this session, in the sandbox: folder, variables and functions stay. What takes longer goes on as bash_N.',
    input: z.object({
      command: z.string().min(1),
      description: z.string().optional().describe('Why, for the person who may be asked'),
      timeout: z
        .int()
        .min(0)
        .max(LONGEST_MS)
        .default(WAIT_MS)
        .describe('Milliseconds to wait; it is not ended then'),
      run_in_background: z.boolean().default(false).describe('Do not wait'),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
    timeoutMs: LONGEST_MS + 30_000,
    run: async ({ command, description = '', timeout, run_in_background: background }, call) => {
      if (command.includes('\0')) throw new ToolError('bad_syntax', 'a command has no NUL characters');
      const wait = background ? 0 : timeout;
      return answerOf(await commands.run({ command, reason: description }, { background, wait }, call));
    },
  });
