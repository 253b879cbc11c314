import { z } from 'zod';
import { isJson, type Json } from './canonical-json.ts';

/** Version of the row's shape, written into each row as `v`. */
export const ROW_VERSION = 1;

/** What the first row of a file has as `prev`. */
export const FIRST_PREV = '0'.repeat(64);

/** A SHA-256 as rows write it. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex');
const label = z.string().min(1).max(200);

// z.json() is several times slower, and each row pays for it
const json = z.custom<Json>(isJson, 'expected JSON');

const recorded = {
  /** What is about to be done, what came of it, or something else worth keeping. */
  phase: z.enum(['intent', 'outcome', 'note']),
  /** Tool or event, such as `left_click`. */
  name: label,
  /** `seq` of the intent that this outcome belongs to. */
  ref: z.int().min(1).optional(),
  /** What was decided and by which rule: any JSON, without typed text or contents. */
  decision: json.optional(),
  argsSha256: digestSchema.optional(),
  resultSha256: digestSchema.optional(),
  /** How long it took, in milliseconds. */
  ms: z.number().min(0).optional(),
  /** Counts such as tokens, characters or bytes. */
  usage: z.record(label, z.number()).optional(),
};

/** Who writes a ledger file; `session` and `actor` are those of rows that name no others. */
export const ledgerOriginSchema = z.strictObject({
  /** One life of a host or server. */
  run: label,
  /** The person's piece of work. */
  session: label,
  /** Who acts, such as the name of the client or of the agent. */
  actor: label,
  /** What is acted on, such as `desktop`. */
  surface: label,
});

/** What a caller may record: labels, digests, numbers and a decision. `session` and `actor` override those of the file. */
export const ledgerFieldsSchema = z
  .strictObject({ ...recorded, session: label.optional(), actor: label.optional() })
  .refine((fields) => fields.phase !== 'outcome' || fields.ref !== undefined, {
    message: 'an outcome needs the seq of its intent',
    path: ['ref'],
  });

const MEMBERS: ReadonlySet<string> = new Set(Object.keys(ledgerFieldsSchema.shape));
const isLabel = (text: unknown): boolean =>
  typeof text === 'string' && text.length >= 1 && text.length <= 200;
const isDigest = (text: unknown): boolean => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);

/**
 * Whether fields fit `ledgerFieldsSchema` for sure; of what it says no to, some does too. Each call of a tool waits for
 * two rows, and this costs a tenth of what the schema does.
 */
export function surelyFits(fields: LedgerFields): boolean {
  const { phase, name, ref, decision, argsSha256, resultSha256, ms, usage, session, actor } = fields;
  return (
    Object.keys(fields).every((member) => MEMBERS.has(member)) &&
    (phase === 'outcome' ? ref !== undefined : ['intent', 'note'].includes(phase)) &&
    isLabel(name) &&
    [session, actor].every((text) => text === undefined || isLabel(text)) &&
    [argsSha256, resultSha256].every((text) => text === undefined || isDigest(text)) &&
    (ref === undefined || (Number.isSafeInteger(ref) && ref >= 1)) &&
    (ms === undefined || (Number.isFinite(ms) && ms >= 0)) &&
    (decision === undefined || isJson(decision)) &&
    usage === undefined
  );
}

/** One line of a ledger file. */
export const ledgerRowSchema = z.strictObject({
  v: z.literal(ROW_VERSION),
  seq: z.int().min(1),
  /** ISO 8601, UTC, milliseconds. */
  ts: z.iso.datetime(),
  ...ledgerOriginSchema.shape,
  ...recorded,
  prev: digestSchema,
  hash: digestSchema,
});

export type LedgerOrigin = Readonly<z.infer<typeof ledgerOriginSchema>>;
export type LedgerFields = Readonly<z.infer<typeof ledgerFieldsSchema>>;
export type LedgerRow = Readonly<z.infer<typeof ledgerRowSchema>>;
