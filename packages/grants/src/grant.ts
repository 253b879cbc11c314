import { z } from 'zod';
import { executableIdentitySchema } from './executable-identity.ts';

/** What a right is about. Further kinds join this union. */
export const resourceSchema = z.discriminatedUnion('kind', [
  /** `app` is an application's key, such as `linux:/usr/bin/mousepad`. */
  z.strictObject({ kind: z.literal('app'), app: z.string().min(1) }),
]);

export const tierSchema = z.enum(['none', 'read', 'click', 'full']);

/** Rights of their own, never part of a tier. */
export const grantFlagsSchema = z.strictObject({
  clipboardRead: z.boolean().optional(),
  clipboardWrite: z.boolean().optional(),
  systemKeyCombos: z.boolean().optional(),
});

/** The subject that stands for every agent and session of this person. */
export const ANY_SUBJECT = '*';

const grantShape = {
  /** Who may use it: the id of a session, or `*`. */
  subject: z.string().min(1),
  resource: resourceSchema,
  /** Caps what the application's own tier allows, and never lifts it. */
  tier: tierSchema.optional(),
  flags: grantFlagsSchema.optional(),
  decision: z.enum(['allow', 'deny']),
  /** `once` and `session` live in the memory of one process; `always` is written to the file. */
  scope: z.enum(['once', 'session', 'always']),
  /** ISO 8601, UTC. */
  expires: z.iso.datetime().optional(),
  origin: z.enum(['person', 'policy']),
  /** The file that was approved; see `identityHolds`. */
  identity: executableIdentitySchema.optional(),
};

export const grantSchema = z.strictObject({
  id: z.string().min(1),
  ...grantShape,
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().optional(),
});

/** What is given to `add`; the store fills in `id` and `createdAt`. */
export const grantDraftSchema = z.strictObject(grantShape);

export type Resource = Readonly<z.infer<typeof resourceSchema>>;
export type Tier = z.infer<typeof tierSchema>;
export type GrantFlags = Readonly<z.infer<typeof grantFlagsSchema>>;
export type Grant = Readonly<z.infer<typeof grantSchema>>;
export type GrantDraft = Readonly<z.infer<typeof grantDraftSchema>>;

export const sameResource = (a: Resource, b: Resource): boolean => a.app === b.app;

/** Neither revoked nor expired at `now`. */
export const isLive = (grant: Grant, now: Date): boolean =>
  grant.revokedAt === undefined && (grant.expires === undefined || Date.parse(grant.expires) > now.getTime());
