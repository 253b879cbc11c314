import { CliError, defineServerCommand, type ServerCommand } from '@deskhand/server-runtime';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const EXIT = { allow: 0, ask: 2, deny: 3 } as const;

/** For QA: what is decided about a command, without running it. */
export const judgeCommand: ServerCommand = defineServerCommand({
  name: 'judge',
  usage: '[command]',
  about: 'Say what would be decided about a command of the shell, without running it (exit code 0, 2 or 3)',
  options: z.object({
    cwd: z
      .string()
      .default('/sessions/x/mnt/work')
      .meta({ description: 'Folder that the shell is in', placeholder: 'PATH' }),
    mount: z
      .array(z.string())
      .default(['/sessions/x/mnt/work'])
      .meta({ description: 'Folder of the person, by its path inside', placeholder: 'PATH' }),
    json: z.boolean().default(false).meta({ description: 'Print JSON' }),
  }),
  example: 'judge \'rm -rf "$HOME"\'',
  async run({ cwd, mount: mounts, json }, { host, args }) {
    const { judge } = await import('./guard/judge.ts');
    const [script = await text(host.stdin), ...more] = args;
    if (more.length > 0) throw new CliError('give the command as one argument, in quotes, or on stdin');
    if (script.trim() === '') throw new CliError('give a command, in quotes or on stdin');
    const verdict = judge(script, { cwd, mounts, home: '/home/agent', variables: { IFS: ' \t\n' } });
    const { decision, reasons, instead } = verdict;
    const words = [[decision, ...reasons].join(': '), ...instead].join('\n');
    host.stdout.write(`${json ? JSON.stringify(verdict) : words}\n`);
    return EXIT[decision];
  },
});
