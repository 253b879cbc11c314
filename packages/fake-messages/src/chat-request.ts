import { z } from 'zod';
import { ApiError, invalid } from './api-error.ts';
import { messagesRequest, type MessagesRequest, type RequestBlock, type RequestMessage } from './request.ts';

const parts = z.array(
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text'), text: z.string() }),
    z.strictObject({ type: z.literal('image_url'), image_url: z.looseObject({ url: z.string() }) }),
  ]),
);
const content = z.union([z.string(), parts]);
const call = z.strictObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string().regex(/^[\w-]{1,64}$/), arguments: z.string() }),
});
const chatMessage = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer']), content }),
  z.strictObject({ role: z.literal('user'), content }),
  z.strictObject({
    role: z.literal('assistant'),
    content: content.nullish(),
    tool_calls: z.array(call).min(1).optional(),
  }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: z.string(), content }),
]);

/** The body of `POST /v1/chat/completions`. */
export const chatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(chatMessage).min(1),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        function: z.strictObject({
          name: z.string().regex(/^[\w-]{1,64}$/),
          description: z.string().optional(),
          parameters: z.looseObject({ type: z.literal('object') }).optional(),
          strict: z.boolean().optional(),
        }),
      }),
    )
    .optional(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_tokens: z.int().min(1).optional(),
  max_completion_tokens: z.int().min(1).optional(),
  temperature: z.number().optional(),
  top_p: z.number().optional(),
  stop: z.union([z.string(), z.array(z.string())]).optional(),
  stream: z.boolean().optional(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).optional(),
});

type ChatRequest = z.infer<typeof chatRequest>;
type ChatMessage = z.infer<typeof chatMessage>;

/**
 * A chat as a request of the Messages API, so that one script serves both and the same pairs are checked.
 *
 * @throws ApiError
 */
export function asMessages(request: ChatRequest): MessagesRequest {
  const { model, messages, tools = [], stream, temperature } = request;
  const body = {
    ...{
      model,
      stream,
      temperature,
      max_tokens: request.max_completion_tokens ?? request.max_tokens ?? 4_096,
    },
    messages: merged(messages.filter(({ role }) => role !== 'system' && role !== 'developer')),
    system: messages.flatMap((one) =>
      one.role === 'system' || one.role === 'developer' ? textsOf(one.content) : [],
    ),
    tools: tools.map(({ function: { name, description, parameters } }) => ({
      ...{ name, description, input_schema: parameters ?? { type: 'object' } },
    })),
  };
  const parsed = messagesRequest.safeParse(JSON.parse(JSON.stringify(body)));
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  return parsed.data;
}

type Said = z.infer<typeof content>;

const partsOf = (said: Said) => (typeof said === 'string' ? [{ type: 'text' as const, text: said }] : said);

const textsOf = (said: Said): readonly RequestBlock[] =>
  partsOf(said).flatMap((part) =>
    part.type === 'text' && part.text !== '' ? [{ type: 'text', text: part.text }] : [],
  );

const picturesOf = (said: Said): readonly RequestBlock[] =>
  partsOf(said).flatMap((part) => (part.type === 'image_url' ? [pictureAt(part.image_url.url)] : []));

function pictureAt(url: string): RequestBlock {
  const [, media_type, data] = /^data:(image\/\w+);base64,(.+)$/s.exec(url) ?? [];
  return {
    type: 'image',
    source:
      media_type === undefined || data === undefined
        ? { type: 'url', url }
        : { type: 'base64', media_type, data },
  };
}

/** Results of one turn stand in one message there. */
function merged(messages: readonly ChatMessage[]): readonly RequestMessage[] {
  const all: { role: 'user' | 'assistant'; content: RequestBlock[] }[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = all.at(-1);
    if (message.role === 'tool' && last?.content.at(-1)?.type === 'tool_result')
      last.content.push(...blocksIn(message));
    else all.push({ role, content: [...blocksIn(message)] });
  }
  return all;
}

function blocksIn(message: ChatMessage): readonly RequestBlock[] {
  if (message.role === 'tool')
    return [{ type: 'tool_result', tool_use_id: message.tool_call_id, content: wordsOf(message.content) }];
  const texts = textsOf(message.content ?? '');
  if (message.role !== 'assistant') return [...texts, ...picturesOf(message.content)];
  const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: words } }) => ({
    ...{ type: 'tool_use' as const, id, name, input: argumentsOf(words) },
  }));
  return [...texts, ...calls];
}

const wordsOf = (said: Said): string =>
  typeof said === 'string'
    ? said
    : said.map((part) => (part.type === 'text' ? part.text : '[image]')).join('\n');

function argumentsOf(words: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(words));
  } catch (cause) {
    throw new ApiError(400, `tool_calls: the arguments are no JSON object: ${words.slice(0, 80)}`, { cause });
  }
}
