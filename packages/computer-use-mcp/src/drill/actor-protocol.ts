import { z } from 'zod';

/** What an actor is told, one JSON object a line on its standard input. */
export const order = z.object({ id: z.number(), do: z.enum(['count', 'focus', 'focus-popup']) });

export const answer = z.object({
  id: z.number(),
  pointer: z.number().default(0),
  keys: z.number().default(0),
  releases: z.number().default(0),
  error: z.string().optional(),
});

/** What an actor says of itself once its windows are there. */
export const entrance = z.object({ window: z.number() });

/** How an actor's windows look, in its command line. */
export const appearance = z.object({
  windowSystem: z.enum(['x11', 'wayland']),
  /** Of X11 the display, of Wayland the path of the socket. */
  display: z.string(),
  title: z.string(),
  /** Tells of elements on the accessibility bus. */
  hasTree: z.boolean(),
  colour: z.number(),
  place: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
});

export type Order = z.output<typeof order>;
export type Answer = z.output<typeof answer>;
export type Appearance = z.output<typeof appearance>;
