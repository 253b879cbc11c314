import { z } from 'zod';
import { exitCodes } from './cli-error.ts';
import { defineCommand } from './command.ts';
import { placeOf } from './daemon-place.ts';
import { statusOf } from './daemon-start.ts';
import { statusText } from './status-text.ts';

export const daemonStatusCommand = defineCommand({
  name: 'daemon status',
  options: z.object({ json: z.boolean().default(false).meta({ description: 'Print JSON' }) }),
  takesServerOptions: false,
  example: 'daemon status --json',
  async run({ json }, context) {
    const { host, program } = context;
    const status = await statusOf(placeOf(context), context);
    const isRunning = status !== undefined;
    if (json) host.stdout.write(`${JSON.stringify({ running: isRunning, ...status })}\n`);
    else if (isRunning)
      host.stdout.write(`${status.state === 'ready' ? 'running' : 'ending'}: ${statusText(status)}\n`);
    else host.stdout.write(`not running. Run: ${program.config.name} daemon start\n`);
    return isRunning ? exitCodes.ok : exitCodes.unreachable;
  },
});
