import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { didYouMean } from '../near-names.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { defineCommand, type CommandContext } from './command.ts';
import { listTools, openToolDoor, type ListedTool } from './tool-door.ts';
import { toolArguments } from './tool-flags.ts';
import { harmless } from './terminal-text.ts';
import { WireError } from './wire.ts';

const json = z.boolean().default(false).meta({ description: 'Print JSON' });

export const toolsCommand = defineCommand({
  name: 'tools',
  options: z.object({ json }),
  takesServerOptions: true,
  example: 'tools --json',
  async run({ json: isJson }, context) {
    const { stdout } = context.host;
    const tools = await throughDoor(context, ({ wire }) => listTools(wire));
    if (isJson) stdout.write(`${JSON.stringify(tools)}\n`);
    else for (const { name, description } of tools) stdout.write(`${name}\n  ${description}\n`);
    return exitCodes.ok;
  },
});

export const callCommand = defineCommand({
  name: 'call',
  options: z.object({ json }),
  takesServerOptions: true,
  usage: `<tool> ['{"json": 1}' | --flags]`,
  passThrough: true,
  example: 'call NAME_OF_A_TOOL --json',
  async run({ json: isEarly }, context) {
    const [name, ...rest] = context.args;
    const { config } = context.program;
    if (name === undefined) throw new CliError('name a tool', { hint: `Run: ${config.name} tools` });
    return throughDoor(context, async ({ wire }) => {
      const tool = named(name, await listTools(wire), context);
      // a tool with a parameter of that name keeps it
      const isOurs = (arg: string): boolean => arg === '--json' && !('json' in tool.inputSchema.properties);
      const argv = rest.filter((arg) => !isOurs(arg));
      const args = toolArguments(tool, argv);
      const result = callResult.parse(await wire.request('tools/call', { name, arguments: args }));
      show(result, { isJson: isEarly || argv.length < rest.length, context });
      return result.isError ? exitCodes.toolError : exitCodes.ok;
    });
  },
});

const content = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.enum(['image', 'audio']), data: z.string(), mimeType: z.string() }),
  z.looseObject({ type: z.string() }),
]);

const callResult = z.looseObject({
  content: z.array(content).default([]),
  isError: z.boolean().default(false),
});

type CallResult = z.output<typeof callResult>;

async function throughDoor<T>(
  context: CommandContext,
  work: (door: Awaited<ReturnType<typeof openToolDoor>>) => Promise<T>,
): Promise<T> {
  const door = await openToolDoor(context);
  try {
    return await work(door);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const exitCode = error.hungUp ? exitCodes.unreachable : exitCodes.toolError;
    throw new CliError(error.message, { exitCode, cause: error });
  } finally {
    await door.close();
  }
}

function named(name: string, tools: readonly ListedTool[], { program }: CommandContext): ListedTool {
  const tool = tools.find((each) => each.name === name);
  if (tool !== undefined) return tool;
  const brings = program.absent?.(name);
  if (brings !== undefined) throw new CliError(`there is no tool \`${name}\` now`, { hint: brings });
  const known = tools.map((each) => each.name);
  throw new CliError(`there is no tool \`${name}\`.${didYouMean(name, known)}`, {
    hint: `The tools are: ${known.join(', ')}`,
  });
}

function show(
  result: CallResult,
  { isJson, context }: { readonly isJson: boolean; readonly context: CommandContext },
): void {
  const { stdout, stderr } = context.host;
  if (isJson) return void stdout.write(`${JSON.stringify(result)}\n`);
  const target = result.isError ? stderr : stdout;
  const isSeen = 'isTTY' in target && target.isTTY === true;
  for (const part of result.content) {
    const text = textOf(part);
    target.write(`${isSeen ? harmless(text) : text}\n`);
  }
}

/** Pictures and sounds become files: nobody reads base64. */
function textOf(part: z.output<typeof content>): string {
  if ('text' in part && typeof part.text === 'string') return part.text;
  if (!('data' in part) || typeof part.data !== 'string') return JSON.stringify(part);
  const ending = /^\w+\/(\w+)/.exec(String(part['mimeType']))?.[1] ?? 'bin';
  const path = join(tmpdir(), `deskhand-${randomUUID()}.${ending}`);
  writeFileSync(path, Buffer.from(part.data, 'base64'), { flag: 'wx', mode: 0o600 });
  return path;
}
