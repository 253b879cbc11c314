import { z } from 'zod';

const cacheControl = z.strictObject({
  type: z.literal('ephemeral'),
  ttl: z.enum(['5m', '1h']).optional(),
});
const cacheable = { cache_control: cacheControl.nullish() };

const text = z.strictObject({
  ...{ type: z.literal('text'), text: z.string().min(1), citations: z.unknown().optional() },
  ...cacheable,
});
const source = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('base64'), media_type: z.string(), data: z.base64() }),
  z.strictObject({ type: z.literal('url'), url: z.url() }),
  z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
]);
const image = z.strictObject({ type: z.literal('image'), source, ...cacheable });
const document = z.strictObject({
  ...{ type: z.literal('document'), source, title: z.string().nullish(), context: z.string().nullish() },
  ...cacheable,
});
const toolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string().regex(/^[\w-]+$/),
  name: z.string().regex(/^[\w-]{1,128}$/),
  input: z.record(z.string(), z.unknown()),
  caller: z.looseObject({ type: z.string() }).optional(),
  ...cacheable,
});
const toolReference = z.strictObject({
  ...{ type: z.literal('tool_reference'), tool_name: z.string() },
  ...cacheable,
});
const toolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().regex(/^[\w-]+$/),
  content: z
    .union([z.string(), z.array(z.discriminatedUnion('type', [text, image, document, toolReference]))])
    .optional(),
  is_error: z.boolean().optional(),
  ...cacheable,
});
const thinking = z.strictObject({
  ...{ type: z.literal('thinking'), thinking: z.string(), signature: z.string() },
});
const redactedThinking = z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() });

const block = z.discriminatedUnion('type', [
  text,
  image,
  document,
  toolUse,
  toolResult,
  thinking,
  redactedThinking,
]);

const message = z.strictObject({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([z.string().min(1), z.array(block)]),
});

const tool = z.union([
  z.strictObject({
    type: z.literal('custom').nullish(),
    name: z.string().regex(/^[\w-]{1,128}$/),
    description: z.string().optional(),
    input_schema: z.looseObject({ type: z.literal('object') }),
    input_examples: z.array(z.record(z.string(), z.unknown())).optional(),
    ...{ defer_loading: z.boolean().optional(), strict: z.boolean().optional() },
    ...cacheable,
  }),
  // tools of the service itself, by their dated types
  z.looseObject({ type: z.string().regex(/^\w+_\d{8}$/), name: z.string().optional(), ...cacheable }),
]);

const thinkingConfig = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('adaptive'), display: z.enum(['summarized', 'omitted']).nullish() }),
  z.strictObject({
    ...{ type: z.literal('enabled'), budget_tokens: z.int().min(1_024) },
    display: z.enum(['summarized', 'omitted']).nullish(),
  }),
  z.strictObject({ type: z.literal('between_tools') }),
  z.strictObject({ type: z.literal('disabled') }),
]);

const counted = {
  model: z.string().min(1),
  messages: z.array(message).min(1),
  system: z.union([z.string(), z.array(text)]).optional(),
  tools: z.array(tool).optional(),
  tool_choice: z
    .looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']), name: z.string().optional() })
    .optional(),
  thinking: thinkingConfig.optional(),
  output_config: z
    .looseObject({ effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish() })
    .optional(),
  context_management: z.unknown().optional(),
  cache_control: cacheControl.nullish(),
  speed: z.enum(['standard', 'fast']).optional(),
};

/** The body of `POST /v1/messages/count_tokens`. */
export const countRequest = z.strictObject(counted);

/** The body of `POST /v1/messages`. */
export const messagesRequest = z.strictObject({
  ...counted,
  max_tokens: z.int().min(1),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  stop_sequences: z.array(z.string().min(1)).optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  inference_geo: z.string().nullish(),
});

export type CountRequest = z.infer<typeof countRequest>;
export type MessagesRequest = z.infer<typeof messagesRequest>;
export type RequestTool = z.infer<typeof tool>;
export type RequestMessage = z.infer<typeof message>;
export type RequestBlock = z.infer<typeof block>;
export type CacheControl = z.infer<typeof cacheControl>;

/** The blocks of a message; words alone are one block. */
export const blocksOf = ({ content }: Pick<RequestMessage, 'content'>): readonly RequestBlock[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content;

/** How many turns the model had already. */
export const turnsOf = ({ messages }: MessagesRequest): number =>
  messages.filter(({ role }) => role === 'assistant').length;
