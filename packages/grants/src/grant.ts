import { z } from 'zod';
import { executableIdentitySchema } from './executable-identity.ts';
import { resourceSchema, type ResourceKind, type ResourceOf } from './resource.ts';

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
  /** `once` and `session` live in the memory of one process unless it may go on in another; `always` is kept. */
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

export type Tier = z.infer<typeof tierSchema>;
export type GrantFlags = Readonly<z.infer<typeof grantFlagsSchema>>;
export type Grant = Readonly<z.infer<typeof grantSchema>>;
/** A grant about one kind of resource. */
export type GrantOf<K extends ResourceKind> = Grant & { readonly resource: ResourceOf<K> };
export type GrantDraft = Readonly<z.infer<typeof grantDraftSchema>>;

const SESSION_MS = 24 * 3_600_000;

/** When a session's grant that is written ends at the latest, for nothing may tell when the session did. */
export const endOfSession = (): string => new Date(Date.now() + SESSION_MS).toISOString();

/** Neither revoked nor expired at `now`. */
export const isLive = (grant: Grant, now: Date): boolean =>
  grant.revokedAt === undefined && (grant.expires === undefined || Date.parse(grant.expires) > now.getTime());
