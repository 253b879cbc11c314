import type {
  GetPromptResult,
  InputRequiredResult,
  ListPromptsResult,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { current, type MaybeLive } from '../live.ts';
import { didYouMean } from '../near-names.ts';
import type { Prompt } from '../prompt.ts';
import { ToolError } from '../tool-error.ts';
import type { CallContext } from '../tool.ts';
import { blockToMcp, iconsToMcp } from './content.ts';

/** Gets a prompt for the request that `context` belongs to. */
type GetPrompt = (
  args: { readonly name: string; readonly arguments: unknown },
  context: ServerContext,
  get: (call: CallContext) => Promise<GetPromptResult>,
) => Promise<GetPromptResult | InputRequiredResult>;

/** Offers prompts on one instance, as they are when a client asks. */
export function offerPrompts(
  { server }: McpServer,
  prompts: MaybeLive<readonly Prompt[]>,
  get: GetPrompt,
): void {
  server.setRequestHandler('prompts/list', () => ({ prompts: current(prompts).map(listPrompt) }));
  server.setRequestHandler('prompts/get', ({ params: { name, arguments: args = {} } }, context) =>
    get({ name, arguments: args }, context, (call) => messagesOf(find(current(prompts), name), args, call)),
  );
}

type ListedPrompt = ListPromptsResult['prompts'][number];

function listPrompt({ name, title, description, icons, arguments: schema }: Prompt): ListedPrompt {
  const { properties = {}, required = [] } = argumentsSchema.parse(z.toJSONSchema(schema, { io: 'input' }));
  return {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...iconsToMcp(icons),
    arguments: Object.entries(properties).map(([argument, about]) => ({
      name: argument,
      required: required.includes(argument),
      ...(about.description !== undefined && { description: about.description }),
    })),
  };
}

const argumentsSchema = z.object({
  properties: z.record(z.string(), z.object({ description: z.string().optional() })).optional(),
  required: z.array(z.string()).optional(),
});

function find(prompts: readonly Prompt[], name: string): Prompt {
  const prompt = prompts.find((candidate) => candidate.name === name);
  if (prompt !== undefined) return prompt;
  const known = prompts.map((candidate) => candidate.name);
  const wanted = name.slice(0, 200);
  throw new ToolError('unknown_prompt', `There is no prompt \`${wanted}\`.${didYouMean(wanted, known)}`);
}

async function messagesOf(prompt: Prompt, args: unknown, call: CallContext): Promise<GetPromptResult> {
  const parsed = prompt.arguments.safeParse(args);
  if (!parsed.success) {
    throw new ToolError('invalid_arguments', `The prompt ${prompt.name}: ${z.prettifyError(parsed.error)}`);
  }
  const messages = await prompt.get(parsed.data, call);
  return { messages: messages.map(({ role, content }) => ({ role, content: blockToMcp(content) })) };
}
