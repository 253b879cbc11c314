import { z } from 'zod';

/** nut-js as it comes, or with every delay of its own set to 0. */
const Delays = z.enum(['default', 'none']);

export const Command = z.discriminatedUnion('do', [
  z.object({ do: z.literal('click'), at: z.object({ x: z.number(), y: z.number() }), delays: Delays }),
  z.object({ do: z.literal('active') }),
  z.object({ do: z.literal('type'), text: z.string(), delays: Delays }),
  z.object({ do: z.literal('tree') }),
]);

export const Request = z.object({ id: z.number(), command: Command, times: z.number() });

/** `ms` has one value for each time it was done. */
export const Reply = z.object({
  id: z.number(),
  ms: z.array(z.number()).optional(),
  error: z.string().optional(),
});

export type Command = z.infer<typeof Command>;
