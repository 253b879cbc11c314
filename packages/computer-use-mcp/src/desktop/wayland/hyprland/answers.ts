import { z } from 'zod';

const pair = z.tuple([z.number(), z.number()]);
const workspace = z.object({ id: z.number() });

const clientSchema = z.object({
  address: z.string(),
  mapped: z.boolean(),
  hidden: z.boolean(),
  at: pair,
  size: pair,
  workspace,
  floating: z.boolean(),
  title: z.string(),
  pid: z.number(),
  xwayland: z.boolean(),
  pinned: z.boolean(),
  /** 0 none, 1 maximised, 2 the whole screen, 3 both. */
  fullscreen: z.number(),
  /** From version 0.54 on, under one of two names. */
  overFullscreen: z.boolean().optional(),
  allowedOverFullscreen: z.boolean().optional(),
});

const monitorSchema = z.object({
  width: z.number(),
  height: z.number(),
  x: z.number(),
  y: z.number(),
  /** Up to version 0.55 with two digits behind the point only. */
  scale: z.number().positive(),
  /** Odd for a screen on its side. */
  transform: z.number(),
  activeWorkspace: workspace,
  /** 0 for none. */
  specialWorkspace: workspace,
});

const layerSchema = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });
const layersSchema = z.record(z.string(), z.object({ levels: z.record(z.string(), z.array(layerSchema)) }));
const animationSchema = z.object({ name: z.string(), enabled: z.boolean(), speed: z.number() });

export type Client = z.infer<typeof clientSchema>;
export type Monitor = z.infer<typeof monitorSchema>;

/** What is asked for the layout, in this order. */
export const LAYOUT_REQUESTS = [
  ...['j/clients', 'j/activewindow', 'j/monitors'],
  ...['j/layers', 'j/locked', 'j/animations'],
] as const;

export const layoutAnswers = z.tuple([
  z.array(clientSchema),
  // {} when no window has the focus
  z.object({ address: z.string().optional() }),
  z.tuple([monitorSchema]).rest(monitorSchema),
  layersSchema,
  z.object({ locked: z.boolean() }),
  z.tuple([z.array(animationSchema)]).rest(z.unknown()),
]);

export type LayoutAnswers = z.infer<typeof layoutAnswers>;

const bindSchema = z.object({
  modmask: z.number(),
  submap: z.string(),
  key: z.string(),
  keycode: z.number(),
  catch_all: z.boolean(),
});

export type Bind = z.infer<typeof bindSchema>;

export const KEY_REQUESTS = ['j/binds', 'j/submap'] as const;

export const keyAnswers = z.tuple([z.array(bindSchema), z.string()]);

export const POINTER_REQUEST = 'j/cursorpos';

export const pointerAnswer = z.tuple([z.object({ x: z.number(), y: z.number() })]);
