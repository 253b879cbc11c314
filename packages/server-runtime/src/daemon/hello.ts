import { z } from 'zod';

/** Version of the lines before the protocol on the local socket. */
const HELLO = 1;

/** The first line of a client. */
export const hello = z.object({
  deskhand: z.literal(HELLO),
  name: z.string(),
  version: z.string(),
  wants: z.discriminatedUnion('what', [
    z.object({
      what: z.literal('attach'),
      // `*` names every session in a grant
      session: z
        .string()
        .min(1)
        .refine((name) => name !== '*')
        .optional(),
      /** Names of the tools to offer; all of the daemon's unless told. */
      tools: z.array(z.string()).optional(),
    }),
    z.object({ what: z.literal('status') }),
    /** Ends the daemon; running calls get so long, in ms. */
    z.object({ what: z.literal('stop'), drainMs: z.number().min(0).max(3_600_000) }),
  ]),
});

export type Hello = z.output<typeof hello>;

export type Wants = Hello['wants'];

/** What a running daemon says of itself. */
export const daemonStatus = z.object({
  /** A daemon that is ending takes no more clients. */
  state: z.enum(['ready', 'ending']),
  name: z.string(),
  version: z.string(),
  pid: z.number().int().positive(),
  startedAt: z.string(),
  /** The options it was started with, and in which folder, so that it can be started again. */
  args: z.array(z.string()),
  cwd: z.string(),
  socket: z.string(),
  /** Where it serves HTTP; undefined when it does not. */
  url: z.string().optional(),
  /** Open local connections. */
  attached: z.number().int(),
  /** Calls that run now. */
  calls: z.number().int(),
});

export type DaemonStatus = z.output<typeof daemonStatus>;

/** The daemon's line in return; after an `attach` that is not refused, both sides speak MCP. */
export const reply = z.discriminatedUnion('ok', [
  z.object({ deskhand: z.literal(HELLO), ok: z.literal(true), status: daemonStatus }),
  z.object({ deskhand: z.literal(HELLO), ok: z.literal(false), message: z.string(), hint: z.string() }),
]);

export const helloLine = (said: Omit<Hello, 'deskhand'>): string =>
  `${JSON.stringify({ deskhand: HELLO, ...said })}\n`;

export const acceptLine = (status: DaemonStatus): string =>
  `${JSON.stringify({ deskhand: HELLO, ok: true, status })}\n`;

export const refuseLine = (message: string, hint: string): string =>
  `${JSON.stringify({ deskhand: HELLO, ok: false, message, hint })}\n`;

/** Whether a pipe of one version may speak through a daemon of the other: major and minor agree. */
export function isSameRelease(one: string, other: string): boolean {
  const release = (version: string): string => version.split('.', 2).join('.');
  return release(one) === release(other);
}
