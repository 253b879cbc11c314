import { z } from 'zod';

const JsonRpcError = z.object({
  jsonrpc: z.literal('2.0'),
  error: z.object({ code: z.int(), message: z.string().min(1) }),
});

const ToolError = z.object({
  jsonrpc: z.literal('2.0'),
  result: z.object({
    isError: z.literal(true),
    content: z.array(z.object({ type: z.string() })).min(1),
    structuredContent: z.object({ error: z.object({ code: z.string().min(1), message: z.string().min(1) }) }),
  }),
});

const Success = z.object({ jsonrpc: z.literal('2.0'), result: z.looseObject({}) });

/** What an answer is; `broken` when it is none that the protocol knows. */
export type Verdict = 'protocol error' | 'tool error' | 'success' | 'broken';

export function verdictOf(message: unknown): Verdict {
  if (JsonRpcError.safeParse(message).success) return 'protocol error';
  if (ToolError.safeParse(message).success) return 'tool error';
  return Success.safeParse(message).success ? 'success' : 'broken';
}
