import { z } from 'zod';
import { click, hover, type Modifier, type Target } from './pointing.ts';
import { drag } from './dragging.ts';
import { fillFields } from './filling.ts';
import { press } from './keyboard.ts';
import { scroll } from './scrolling.ts';
import { lookFor, waitUntil } from './waiting.ts';
import type { Scene } from './scene.ts';

export type Tell = (done: number, total?: number, message?: string) => void;

/** Something that a tool, or a step of several, does in a tab. */
export interface Action<I extends z.ZodObject = z.ZodObject> {
  readonly input: I;
  run(scene: Scene, input: z.output<I>, tell: Tell): Promise<void>;
}

const defineAction = <I extends z.ZodObject>(action: Action<I>): Action<I> => action;

const ref = z.string();
const pixels = z.number().min(-100_000).max(100_000);
const modifiers = z.array(z.enum(['Alt', 'Control', 'Meta', 'Shift'])).optional();
const value = z.union([z.string(), z.boolean(), z.number(), z.array(z.string())]);
const MAX_FIELDS = 100;
export const MAX_WAIT_S = 120;
/** Without a time of its own. */
export const WAIT_S = 10;

const target = { ref: ref.optional(), x: z.number().optional(), y: z.number().optional() };

function targetOf({
  ref: at,
  x,
  y,
}: {
  ref?: string | undefined;
  x?: number | undefined;
  y?: number | undefined;
}): Target {
  return at !== undefined ? { ref: at } : { x: x ?? 0, y: y ?? 0 };
}

const hasTarget = ({
  ref: at,
  x,
  y,
}: {
  ref?: string | undefined;
  x?: number | undefined;
  y?: number | undefined;
}): boolean => at !== undefined || (x !== undefined && y !== undefined);
const NEEDS_TARGET = 'give ref, or x and y';

const clickInput = z
  .object({
    ...target,
    button: z.enum(['left', 'right', 'middle']).optional(),
    count: z.int().min(1).max(3).optional(),
    modifiers,
  })
  .refine(hasTarget, NEEDS_TARGET);

const MAX_PAUSE_MS = 10_000;

export const waitInput = z
  .object({
    text: z.string().min(1).optional(),
    gone: z.string().min(1).optional(),
    url: z.string().min(1).optional(),
    ms: z.int().min(1).max(MAX_PAUSE_MS).optional(),
    seconds: z.number().min(0.1).max(MAX_WAIT_S).optional(),
  })
  .refine(
    ({ text, gone, url, ms }) => [text, gone, url, ms].filter((one) => one !== undefined).length === 1,
    'give one of text, gone, url, ms',
  );

export const actions = {
  click: defineAction({
    input: clickInput,
    run: (scene, input) => {
      const { button = 'left', count = 1, modifiers: held = new Array<Modifier>() } = input;
      return click(scene, { at: targetOf(input), button, count, modifiers: held });
    },
  }),
  hover: defineAction({
    input: z.object(target).refine(hasTarget, NEEDS_TARGET),
    run: (scene, input) => hover(scene, targetOf(input)),
  }),
  drag: defineAction({
    input: z
      .object({ from: ref, to: ref.optional(), by: z.tuple([pixels, pixels]).optional() })
      .refine(({ to, by }) => (to === undefined) !== (by === undefined), 'give to, or by'),
    run: (scene, { from, to, by: [x, y] = [0, 0] }) =>
      drag(scene, { from: { ref: from }, to: to === undefined ? { by: { x, y } } : { ref: to } }),
  }),
  fill: defineAction({
    input: z.object({ ref, value }),
    run: (scene, field) => fillFields(scene, [field]),
  }),
  fill_form: defineAction({
    input: z.object({ fields: z.array(z.object({ ref, value })).min(1).max(MAX_FIELDS) }),
    run: (scene, { fields }) => fillFields(scene, fields),
  }),
  press_key: defineAction({
    input: z.object({ key: z.string().min(1), ref: ref.optional() }),
    run: (scene, { key, ref: on }) => press(scene, { keys: key, ...(on !== undefined && { ref: on }) }),
  }),
  scroll: defineAction({
    input: z.object({
      ref: ref.optional(),
      by: z.tuple([pixels, pixels]).optional(),
      until: z.string().min(1).optional(),
    }),
    run: (scene, { ref: at, by, until }, tell) =>
      scroll(scene, { ref: at, until, by: by === undefined ? undefined : { x: by[0], y: by[1] } }, tell),
  }),
  wait_for: defineAction({
    input: waitInput,
    run: async (scene, { seconds = WAIT_S, ...awaited }, tell) => {
      const look = (capMs: number): Promise<string | null> => lookFor(scene, awaited, capMs);
      scene.did({ did: await waitUntil(scene.tab, awaited, { ms: seconds * 1000, tell, look }), notes: [] });
    },
  }),
};

export type ActionName = keyof typeof actions;
