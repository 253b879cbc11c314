import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const mode = z.int().min(0).max(0o777);

/** What is at a path at one moment; contents and folders are named by the hash of their object. */
export const nodeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), mode, sha256, size: z.int().min(0) }),
  z.strictObject({ kind: z.literal('folder'), mode, tree: sha256 }),
  z.strictObject({ kind: z.literal('link'), target: z.string() }),
  /** Neither kept, nor ever changed by an undo. */
  z.strictObject({ kind: z.literal('left') }),
]);
export type Node = z.output<typeof nodeSchema>;

/** What is in a folder, by name and in the order of names. */
export const treeSchema = z.array(z.tuple([z.string(), nodeSchema]));
export type Tree = z.output<typeof treeSchema>;

/** A part of a mounted folder; `path` is relative, and `.` for all of it. */
export const scopeSchema = z.strictObject({
  folder: z.string(),
  path: z.string(),
  before: nodeSchema.nullable(),
  /** Absent as long as it is not known to be over. */
  after: nodeSchema.nullable().optional(),
});
export type Scope = z.output<typeof scopeSchema>;

/** Why something was left out. */
export const leftSchema = z.strictObject({ path: z.string(), why: z.string() });
export type Left = z.output<typeof leftSchema>;

export const stepSchema = z.strictObject({
  v: z.literal(1),
  number: z.int().positive(),
  at: z.iso.datetime(),
  label: z.string(),
  scopes: z.array(scopeSchema),
  /** The first of what was left out, and how many there are. */
  left: z.array(leftSchema),
  leftCount: z.int().min(0),
  /** The steps that it took back. */
  undoes: z.array(z.int().positive()).optional(),
  /** Bytes that were not in the store before. */
  bytes: z.int().min(0),
});
export type Step = z.output<typeof stepSchema>;

/** The same content and rights; of folders what is in them does not count. */
export function isSameNode(one: Node | null, other: Node | null): boolean {
  if (one === null || other === null) return one === other;
  if (one.kind === 'file') {
    return other.kind === 'file' && one.sha256 === other.sha256 && one.mode === other.mode;
  }
  if (one.kind === 'folder') return other.kind === 'folder' && one.mode === other.mode;
  if (one.kind === 'link') return other.kind === 'link' && one.target === other.target;
  return other.kind === 'left';
}
