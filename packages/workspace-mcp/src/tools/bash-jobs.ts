import { defineTool, ToolError, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { answerOf, listOf } from '../shell/answer.ts';
import type { Commands } from '../shell/commands.ts';

const bashId = z.string().describe('Such as bash_3');
const WAITING = { readOnly: false, destructive: false, idempotent: false, openWorld: false } as const;

export const bashOutput = (commands: Commands): Tool =>
  defineTool({
    name: 'BashOutput',
    title: 'Output of a command',
    description: 'Gives what a command of Bash printed since it was read last; without bash_id lists all.',
    input: z.object({
      bash_id: bashId.optional(),
      timeout: z.int().min(0).max(600_000).default(0).describe('Milliseconds to wait for its end'),
      offset: z.int().min(0).optional().describe('Byte to read from instead'),
    }),
    annotations: WAITING,
    timeoutMs: 630_000,
    run: async ({ bash_id: name, timeout: wait, offset: from }, call) => {
      if (name === undefined) return listOf(await commands.shell.jobs(call));
      return answerOf(await commands.look(numberOf(name), { wait, from }, call));
    },
  });

export const bashInput = (commands: Commands): Tool =>
  defineTool({
    name: 'BashInput',
    title: 'Type into a command',
    description: 'Types a line into a command of Bash that waits for it, and gives what it then prints.',
    input: z.object({
      bash_id: bashId,
      text: z.string().default('').describe('Return is pressed after it'),
      key: z.enum(['ctrl-c', 'ctrl-d']).optional().describe('Press this instead'),
    }),
    annotations: { ...WAITING, destructive: true, openWorld: true },
    timeoutMs: 60_000,
    run: async ({ bash_id: name, text, key }, call) =>
      answerOf(await commands.type(numberOf(name), key === undefined ? text : { key }, call)),
  });

export const killBash = (commands: Commands): Tool =>
  defineTool({
    name: 'KillBash',
    title: 'End a command',
    description: 'Ends a command of Bash and all that it started.',
    input: z.object({
      // one of them, under the name that other programs have or that of the tools beside it
      shell_id: bashId.optional(),
      bash_id: z.string().optional().meta({ unlisted: true }),
      signal: z.enum(['SIGINT', 'SIGTERM', 'SIGKILL']).default('SIGTERM'),
    }),
    annotations: { ...WAITING, destructive: true, idempotent: true },
    atOnce: true,
    run: async ({ shell_id, bash_id, signal }, call) =>
      answerOf(await commands.kill(numberOf(shell_id ?? bash_id ?? ''), signal, call)),
  });

function numberOf(name: string): number {
  const number = /^(?:bash_)?(\d{1,9})$/.exec(name)?.[1];
  if (number !== undefined) return Number(number);
  throw new ToolError('no_job', `${JSON.stringify(name.slice(0, 40))} is no bash_id`, {
    hint: 'BashOutput without bash_id lists all.',
  });
}
