import { z } from 'zod';

const record = z.record(z.string(), z.unknown()).readonly();

const picture = z.object({
  type: z.literal('picture'),
  mimeType: z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/gif']),
  data: z.string(),
});

export const tool = z.object({
  ...{ name: z.string(), description: z.string(), inputSchema: record, isReadOnly: z.boolean() },
  standsIn: z.literal(true).exactOptional(),
});

const text = z.object({ type: z.literal('text'), text: z.string() });

/** With the tool that they tell of. */
const words = text.extend({ tool: tool.exactOptional() });

export const shown = z.array(z.discriminatedUnion('type', [words, picture])).readonly();

const thinking = z.object({
  ...{ type: z.literal('thinking'), model: z.string(), text: z.string(), token: z.string() },
  isRedacted: z.boolean(),
});

const call = z.object({ type: z.literal('call'), id: z.string(), name: z.string(), input: record });

export const turn = z.array(z.discriminatedUnion('type', [text, thinking, call])).readonly();

export const usage = z.object({
  input: z.number(),
  cacheRead: z.number(),
  cacheWrite: z.object({ short: z.number(), long: z.number() }),
  output: z.number(),
});

export const question = z.object({
  ...{ id: z.string(), server: z.string(), tool: z.string(), input: record, reason: z.string() },
  form: z.object({ message: z.string(), schema: record }).nullable(),
  page: z.object({ message: z.string(), url: z.string(), host: z.string() }).exactOptional(),
  isBegun: z.literal(true).exactOptional(),
});

export const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('allow'), scope: z.enum(['once', 'session', 'always']) }),
  z.object({ kind: z.literal('deny'), reason: z.string().exactOptional() }),
  z.object({
    kind: z.literal('filled'),
    content: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).readonly(),
  }),
]);
