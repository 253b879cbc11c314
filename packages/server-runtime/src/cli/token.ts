import { join } from 'node:path';
import { z } from 'zod';
import { makeOwnFolder } from '../daemon/socket-file.ts';
import type { TokenStore } from '../http/token-store.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { defineCommand, type CommandContext } from './command.ts';
import { duration } from './door-options.ts';
import { openHome } from './house.ts';
import { tokensOf } from './http-door.ts';

const json = z.boolean().default(false).meta({ description: 'Print JSON' });

function storeOf({ program, standard, host }: CommandContext): TokenStore {
  const folder = join(openHome(standard, host), 'daemons');
  makeOwnFolder(folder);
  return tokensOf(program, folder).store;
}

export const tokenCreate = defineCommand({
  name: 'token create',
  options: z.object({
    label: z.string().meta({ description: 'Name of the token in the record of calls' }),
    tools: z
      .array(z.string().min(1))
      .optional()
      .meta({ description: 'The only tools it may use, separated by commas', placeholder: 'NAMES' }),
    expires: duration.optional().meta({ description: 'How long it works, such as 7d', placeholder: 'TIME' }),
    json,
  }),
  takesServerOptions: false,
  example: 'token create --label ci --tools NAMES_OF_TOOLS --expires 7d',
  async run({ label, tools, expires, json: isJson }, context) {
    const made = await storeOf(context).create({
      label,
      ...(tools !== undefined && { tools }),
      ...(expires !== undefined && { expiresInMs: expires }),
    });
    const { stdout, stderr } = context.host;
    stdout.write(`${isJson ? JSON.stringify(made) : made.token}\n`);
    if (!isJson) stderr.write('Keep it: it is shown this once.\n');
    return exitCodes.ok;
  },
});

export const tokenList = defineCommand({
  name: 'token list',
  options: z.object({ json }),
  takesServerOptions: false,
  example: 'token list --json',
  run({ json: isJson }, context) {
    const { stdout } = context.host;
    const tokens = storeOf(context).list();
    if (isJson) stdout.write(`${JSON.stringify(tokens)}\n`);
    else if (tokens.length === 0) stdout.write("none but the owner's\n");
    for (const { label, tools, expiresAt } of isJson ? [] : tokens) {
      stdout.write(
        `${label}  ${tools?.join(',') ?? 'all tools'}  ${expiresAt === undefined ? 'does not expire' : `until ${expiresAt}`}\n`,
      );
    }
    return Promise.resolve(exitCodes.ok);
  },
});

export const tokenRevoke = defineCommand({
  name: 'token revoke',
  options: z.object({}),
  takesServerOptions: false,
  usage: '<label>',
  example: 'token revoke ci',
  async run(_options, context) {
    const [label, ...more] = context.args;
    const { name } = context.program.config;
    if (label === undefined || more.length > 0) {
      throw new CliError('name one token', { hint: `Run: ${name} token list` });
    }
    if (!(await storeOf(context).revoke(label))) {
      throw new CliError(`there is no token \`${label}\``, { hint: `Run: ${name} token list` });
    }
    context.host.stdout.write(`revoked ${label}\n`);
    return exitCodes.ok;
  },
});
