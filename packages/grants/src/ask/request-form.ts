import { createHash } from 'node:crypto';
import { z } from 'zod';
import { executableIdentitySchema } from '../executable-identity.ts';
import { grantFlagsSchema, tierSchema } from '../grant.ts';
import { plainLabel, quotableReason } from './plain-text.ts';
import type { AppRequest, AskRequest, OriginRequest } from './request.ts';

const asking = { reason: z.string(), mayAlways: z.boolean() };

/** A request as it leaves this process: every text is one line, without control and invisible characters. */
export const requestFormSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('app'),
    apps: z
      .array(
        z.strictObject({
          app: z.string().min(1),
          name: z.string(),
          executable: z.string(),
          tier: tierSchema,
          tierMeaning: z.string(),
          warnings: z.array(z.string()),
          identity: executableIdentitySchema.optional(),
        }),
      )
      .min(1),
    flagsWanted: grantFlagsSchema,
    ...asking,
  }),
  z.strictObject({
    kind: z.literal('origin'),
    origins: z
      .array(
        z.strictObject({
          origin: z.string().refine(isWholeOrigin, 'must be an origin as browsers compare it'),
          warnings: z.array(z.string()),
        }),
      )
      .min(1),
    ...asking,
  }),
]);

export type RequestForm = Readonly<z.infer<typeof requestFormSchema>>;

export const requestForm = (request: AskRequest): RequestForm =>
  request.kind === 'app' ? appForm(request) : originForm(request);

const appForm = (request: AppRequest): RequestForm => ({
  kind: request.kind,
  apps: request.apps.map(({ app, name, executable, tier, tierMeaning, warnings, identity }) => ({
    app,
    name: plainLabel(name),
    executable: plainLabel(executable),
    tier,
    tierMeaning: plainLabel(tierMeaning),
    warnings: warnings.map(plainLabel),
    ...(identity && { identity }),
  })),
  flagsWanted: request.flagsWanted,
  reason: quotableReason(request.reason),
  mayAlways: request.mayAlways,
});

const originForm = ({ kind, origins, reason, mayAlways }: OriginRequest): RequestForm => ({
  kind,
  origins: origins.map(({ origin, warnings }) => ({ origin, warnings: warnings.map(plainLabel) })),
  reason: quotableReason(reason),
  mayAlways,
});

/** Whoever reads it sees all of it, and no name that looks like another. */
function isWholeOrigin(origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).origin === origin && plainLabel(origin) === origin;
}

/** Tells requests apart that a person would have to answer anew, such as one about another content of a file. */
export const requestDigest = (request: AskRequest): string => digestOf(requestForm(request));

/** SHA-256 in hex over the JSON with sorted keys: an answer that carries it is about exactly this. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value, sortedKeys)).digest('hex');

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
