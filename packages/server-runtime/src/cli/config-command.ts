import { realpathSync } from 'node:fs';
import { z } from 'zod';
import { didYouMean } from '../near-names.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { CLIENTS, type Launch } from './client-snippets.ts';
import { defineCommand, type CommandContext } from './command.ts';

const options = z.object({
  npx: z
    .boolean()
    .default(false)
    .meta({ description: 'Have npx fetch the published package, instead of this file' }),
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'letters, digits, - and _ only')
    .optional()
    .meta({ description: 'What the client calls the server', placeholder: 'NAME' }),
});

export const configCommand = defineCommand({
  name: 'config',
  options,
  takesServerOptions: false,
  usage: '[client] [-- options of the server]',
  example: 'config claude-code -- --read-only',
  run({ npx, name }, context) {
    const { host, program, args } = context;
    const client = args[0]?.startsWith('-') === true ? undefined : args[0];
    const more = client === undefined ? args : args.slice(1);
    const launch = launchOf({ npx, name: name ?? program.config.name, more }, context);
    for (const [key, { title, where, text }] of clientsNamed(client)) {
      const heading = client === undefined ? `# ${title} (${key})\n# ${where}\n` : '';
      host.stdout.write(`${heading}${text(launch)}\n${client === undefined ? '\n' : ''}`);
      if (client !== undefined) host.stderr.write(`${title}: ${where}.\n`);
    }
    return Promise.resolve(exitCodes.ok);
  },
});

function clientsNamed(client: string | undefined) {
  const known = Object.entries(CLIENTS);
  if (client === undefined) return known;
  const found = known.filter(([key]) => key === client);
  if (found.length > 0) return found;
  const names = Object.keys(CLIENTS);
  throw new CliError(`there is no client \`${client}\`.${didYouMean(client, names)}`, {
    hint: `Known: ${names.join(', ')}`,
  });
}

interface Wanted {
  readonly npx: boolean;
  readonly name: string;
  readonly more: readonly string[];
}

/** Clients hand a server little of their surroundings, so what it needs is written down. */
function launchOf({ npx, name, more }: Wanted, { host, program }: CommandContext): Launch {
  const wanted = ['DESKHAND_HOME', ...(program.env ?? [])];
  const env = wanted.flatMap((key) => {
    const value = host.env[key];
    return value === undefined || value === '' ? [] : [[key, value] as const];
  });
  return { name, ...commandOf(npx, { host, program }, more), env: Object.fromEntries(env) };
}

function commandOf(
  npx: boolean,
  { host, program }: Pick<CommandContext, 'host' | 'program'>,
  more: readonly string[],
): Pick<Launch, 'command' | 'args'> {
  if (!npx) return { command: host.execPath, args: [realpathSync(String(host.argv[1])), ...more] };
  if (program.package === undefined) throw new CliError('this server is not published as a package');
  return { command: 'npx', args: ['-y', program.package, ...more] };
}
