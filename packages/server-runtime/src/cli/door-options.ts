import { z } from 'zod';
import { parseDuration } from '../http/duration.ts';

/** A time such as `10m`, in ms. */
export const durationFrom = (field: z.ZodType<string, string | undefined>) =>
  field.transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined) return ms;
    context.addIssue('Expected a number and ms, s, m, h, d or w, such as 10m');
    return z.NEVER;
  });

export const duration = durationFrom(z.string());

/** How a process is reached over HTTP, and when it ends by itself. */
export const doorOptions = z.object({
  http: z.boolean().default(false).meta({ description: 'Serve Streamable HTTP' }),
  host: z.string().default('127.0.0.1').meta({ description: 'Address to listen on', placeholder: 'ADDRESS' }),
  port: z.number().int().min(0).max(65_535).default(0).meta({ description: 'Port; 0 for a free one' }),
  allowRemote: z
    .boolean()
    .default(false)
    .meta({ description: 'Listen on an address that other machines can reach' }),
  allowedHost: z
    .array(z.string())
    .default([])
    .meta({ description: 'A name under which clients may address it', placeholder: 'NAME', repeat: true }),
  idleExit: duration.optional().meta({
    description: 'End when nobody was attached and nothing was asked for so long',
    placeholder: 'TIME',
  }),
});

export type DoorOptions = z.output<typeof doorOptions>;
