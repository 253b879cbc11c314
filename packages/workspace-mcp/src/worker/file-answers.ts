import { z } from 'zod';

const part = z.object({ from: z.number(), lines: z.array(z.string()) });
const picture = z.object({
  type: z.string(),
  base64: z.string(),
  width: z.number(),
  height: z.number(),
  original: z.tuple([z.number(), z.number()]),
});
const shownText = z.object({ kind: z.literal('text'), lines: z.array(z.string()), isCut: z.boolean() });
const cell = z.object({
  kind: z.string(),
  source: shownText,
  outputs: z.array(
    z.discriminatedUnion('kind', [
      shownText,
      z.object({ kind: z.literal('picture'), picture: picture.nullable() }),
    ]),
  ),
});
/** A file as it was left by a call. */
const fileNow = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mode: z.int().min(0).max(0o777),
  size: z.int().min(0),
});
const edited = z.object({
  path: z.string(),
  replaced: z.number(),
  now: fileNow.nullable(),
  changedMeanwhile: z.boolean(),
  parts: z.array(part),
});
const found = z.object({ lines: z.array(z.string()), more: z.boolean() });

const nothing = z.object({});

/** What is answered about files and folders. */
export const fileAnswers = {
  hold: nothing,
  uncover: nothing,
  read: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('text'),
      path: z.string(),
      lines: z.array(z.string()),
      from: z.number(),
      total: z.number(),
      encoding: z.string(),
      lineEnds: z.string(),
      isEnded: z.boolean(),
    }),
    z.object({
      kind: z.literal('document'),
      path: z.string(),
      lines: z.array(z.string()),
      from: z.number(),
      total: z.number(),
      pages: z.number(),
      begins: z.array(z.number()),
    }),
    z.object({
      kind: z.literal('notebook'),
      path: z.string(),
      cells: z.array(cell),
      from: z.number(),
      total: z.number(),
    }),
    z.object({ kind: z.literal('pictures'), path: z.string(), pictures: z.array(picture) }),
  ]),
  real: z.object({ path: z.string() }),
  beginWrite: nothing,
  write: z.object({
    path: z.string(),
    bytes: z.number(),
    created: z.boolean(),
    folders: z.array(z.string()),
    now: fileNow,
  }),
  beginEdit: nothing,
  edit: edited,
  tryEdit: edited,
  discard: nothing,
  giveUp: nothing,
  glob: found,
  grep: found,
} as const;
