import { z } from 'zod';

const edit = z.object({
  old_string: z.string(),
  new_string: z.string(),
  replace_all: z.boolean().optional(),
});
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
/** What was begun; the hash is that of what was there, where it is kept. */
const begun = z.object({ path: z.string(), kept: z.string().optional() });
const edits = z.object({ path: z.string(), edits: z.array(edit) });
/** Where the path has to lead. */
const at = z.string();
const edited = z.object({
  path: z.string(),
  replaced: z.number(),
  now: fileNow.nullable(),
  changedMeanwhile: z.boolean(),
  parts: z.array(part),
});
const found = z.object({ lines: z.array(z.string()), more: z.boolean() });

const cover = z.object({ path: z.string(), kind: z.enum(['file', 'folder', 'kept', 'pinned']) });

/** About files and folders; with a request there may be bytes. */
export const fileCalls = {
  /** Only where there is no sandbox: folders to hold, or what is covered no more. */
  hold: {
    request: z.object({
      name: z.string(),
      folder: z.string(),
      access: z.enum(['ro', 'rw']),
      covers: z.array(cover),
    }),
    answer: z.object({}),
  },
  uncover: { request: z.object({ name: z.string(), cover }), answer: z.object({}) },
  read: {
    request: z.object({
      path: z.string(),
      offset: z.number().optional(),
      limit: z.number().optional(),
      pages: z.string().optional(),
    }),
    answer: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('text'),
        path: z.string(),
        lines: z.array(z.string()),
        from: z.number(),
        total: z.number(),
        encoding: z.string(),
        lineEnds: z.string(),
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
  },
  real: {
    request: z.object({ path: z.string() }),
    answer: z.object({ path: z.string() }),
  },
  /** What the file is to hold comes as bytes, in UTF-8; it is there when `write` has said so. */
  beginWrite: { request: z.object({ path: z.string(), at }), answer: z.object({}) },
  write: {
    request: begun,
    answer: z.object({
      path: z.string(),
      bytes: z.number(),
      created: z.boolean(),
      folders: z.array(z.string()),
      now: fileNow,
    }),
  },
  beginEdit: { request: edits.extend({ at }), answer: z.object({}) },
  edit: { request: begun, answer: edited },
  /** What an edit would be. */
  tryEdit: { request: edits, answer: edited },
  discard: { request: z.object({}), answer: z.object({}) },
  glob: {
    request: z.object({ pattern: z.string(), path: z.string(), without: z.array(z.string()) }),
    answer: found,
  },
  grep: {
    request: z.object({
      pattern: z.string(),
      path: z.string(),
      mode: z.enum(['files_with_matches', 'content', 'count']),
      glob: z.string().optional(),
      type: z.string().optional(),
      ignoreCase: z.boolean().optional(),
      multiline: z.boolean().optional(),
      before: z.number().optional(),
      after: z.number().optional(),
      offset: z.number(),
      limit: z.number(),
      without: z.array(z.string()),
    }),
    answer: found,
  },
} as const;
