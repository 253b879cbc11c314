import { z } from 'zod';

const Rect = z.tuple([z.number(), z.number(), z.number(), z.number()]);

export const TreeNode = z.object({
  /** Number of `AtspiRole`. */
  role: z.number(),
  name: z.string().default(''),
  /** Numbers of `AtspiStateType`; showing and usable unless told. */
  states: z.array(z.number()).default([8, 24, 25, 30]),
  /** In screen coordinates. */
  rect: Rect.default([0, 0, 0, 0]),
  /** In window coordinates; the same as `rect` unless told. */
  inWindow: Rect.optional(),
  text: z.string().optional(),
  /** Children that this claims to have besides its own: a connection, or its own for '', and a path. */
  claims: z.array(z.tuple([z.string(), z.string()])).default([]),
  /** Never answers. */
  isSilent: z.boolean().default(false),
  get children() {
    return z.array(TreeNode).optional();
  },
});

/** How a test writes an element down, and how the program has it. */
export type TreeNode = z.input<typeof TreeNode>;
export type ReadNode = z.output<typeof TreeNode>;

/** What a program that takes part in accessibility says of itself. */
export const Program = z.object({
  name: z.string(),
  tops: z.array(TreeNode),
  /** Also answers as the registry of all programs. */
  isRegistry: z.boolean().default(false),
});

export type ProgramLook = z.input<typeof Program>;
