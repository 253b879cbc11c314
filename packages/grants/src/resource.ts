import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { parseOriginPattern } from './origin-pattern.ts';
import { isAbsolutePath, pathKey } from './path-key.ts';

/** Words of a command, such as `npm run *`: a last word `*` stands for any number of further words. */
export const commandRuleSchema = z
  .string()
  .regex(/^\S+(?: \S+)*$/, 'must be words with single spaces between them')
  .refine((rule) => !/\*/.test(rule.replace(/(?:^| )\*$/, '')), 'may have * only as its last word');

export const resourceSchema = z.discriminatedUnion('kind', [
  /** `app` is an application's key, such as `linux:/usr/bin/mousepad`. */
  z.strictObject({ kind: z.literal('app'), app: z.string().min(1) }),
  /** A folder, or a file, and all below it. The path is absolute and has its links resolved. */
  z.strictObject({
    kind: z.literal('folder'),
    path: z.string().refine(isAbsolutePath, 'must be an absolute path without . and ..'),
    access: z.enum(['ro', 'rw']),
  }),
  z.strictObject({ kind: z.literal('command'), rule: commandRuleSchema }),
  /** A whole script of a shell, every character of it, in one folder. */
  z.strictObject({
    kind: z.literal('script'),
    text: z.string().min(1),
    cwd: z.string().refine(isAbsolutePath, 'must be an absolute path without . and ..'),
  }),
  /** What no checkpoint holds, at these paths and below, may be deleted. They are absolute, with links resolved. */
  z.strictObject({
    kind: z.literal('deletion'),
    paths: z.array(z.string().refine(isAbsolutePath, 'must be an absolute path without . and ..')).min(1),
  }),
  /** `https://example.com`, `https://*.example.com` (it and all below it) or `http://localhost:*` (any port). */
  z.strictObject({
    kind: z.literal('origin'),
    pattern: z.string().refine((pattern) => parseOriginPattern(pattern) !== null, {
      message:
        'must be scheme://host or scheme://host:port, with *. before the host or * as the port at most',
    }),
  }),
  /** A port of this computer that a sandbox reaches, or one inside that is shared with this computer. */
  z.strictObject({
    kind: z.literal('port'),
    port: z.int().min(1).max(65_535),
    direction: z.enum(['reach', 'share']),
  }),
  /** A tool of one MCP server; `name` may be `*`. */
  z.strictObject({
    kind: z.literal('tool'),
    server: z.string().min(1).optional(),
    name: z.string().min(1),
  }),
]);

export type Resource = Readonly<z.infer<typeof resourceSchema>>;
export type ResourceKind = Resource['kind'];
export type ResourceOf<K extends ResourceKind> = Extract<Resource, { readonly kind: K }>;

/** Every kind that this version knows. */
export const RESOURCE_KINDS: readonly ResourceKind[] = resourceSchema.options.map(
  (option) => option.shape.kind.value,
);

/** A decision about the one takes the place of a decision about the other; of a folder only the path counts. */
export const sameResource = (a: Resource, b: Resource): boolean =>
  a.kind === 'folder' && b.kind === 'folder'
    ? pathKey(a.path) === pathKey(b.path)
    : isDeepStrictEqual({ ...a }, { ...b });

/** On one line, as `deskhand-grants` takes it: `folder:/srv/data:ro`. */
export function formatResource(resource: Resource): string {
  switch (resource.kind) {
    case 'app':
      return `app:${resource.app}`;
    case 'folder':
      return `folder:${resource.path}:${resource.access}`;
    case 'command':
      return `command:${resource.rule}`;
    case 'script':
      return `script:${resource.cwd}:${JSON.stringify(resource.text)}`;
    case 'deletion':
      return `deletion:${resource.paths.join(', ')}`;
    case 'origin':
      return `origin:${resource.pattern}`;
    case 'port':
      return `port:${resource.port}:${resource.direction}`;
    case 'tool':
      return `tool:${resource.server === undefined ? '' : `${resource.server}/`}${resource.name}`;
  }
}
