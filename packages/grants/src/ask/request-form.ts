import { createHash } from 'node:crypto';
import { z } from 'zod';
import { executableIdentitySchema } from '../executable-identity.ts';
import { grantFlagsSchema, tierSchema } from '../grant.ts';
import { isAbsolutePath } from '../path-key.ts';
import { commandRuleSchema } from '../resource.ts';
import { plainLabel, quotableReason } from './plain-text.ts';
import {
  isShowable,
  type AppRequest,
  type AskRequest,
  type CommandRequest,
  type FolderRequest,
  type OriginRequest,
  type PortRequest,
} from './request.ts';

const asking = { reason: z.string(), mayAlways: z.boolean() };

/** A request as it leaves this process: every text but a command is one line, without control and invisible characters. */
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
  z.strictObject({
    kind: z.literal('command'),
    command: z.strictObject({
      command: z.string().refine(isShowable, 'must be short enough to be shown whole'),
      cwd: z.string().refine(isAbsolutePath, 'must be an absolute path without . and ..'),
      reasons: z.array(z.string()),
      findings: z.array(z.tuple([z.string(), z.string()])),
      rule: commandRuleSchema.optional(),
      deletes: z
        .array(z.string().refine(isPlainPath, 'must be an absolute path that can be read whole'))
        .min(1)
        .optional(),
    }),
    ...asking,
  }),
  z.strictObject({
    kind: z.literal('folder'),
    folder: z.strictObject({
      path: z.string().refine(isPlainPath, 'must be an absolute path that can be read whole'),
      access: z.enum(['ro', 'rw']),
      name: z.string(),
      warnings: z.array(z.string()),
    }),
    ...asking,
  }),
  z.strictObject({
    kind: z.literal('port'),
    port: z.strictObject({
      port: z.int().min(1).max(65_535),
      direction: z.enum(['reach', 'share']),
    }),
    ...asking,
  }),
]);

export type RequestForm = Readonly<z.infer<typeof requestFormSchema>>;

export function requestForm(request: AskRequest): RequestForm {
  switch (request.kind) {
    case 'app':
      return appForm(request);
    case 'origin':
      return originForm(request);
    case 'command':
      return commandForm(request);
    case 'folder':
      return folderForm(request);
    case 'port':
      return portForm(request);
  }
}

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

const commandForm = ({ kind, command, reason, mayAlways }: CommandRequest): RequestForm => ({
  kind,
  command: {
    command: command.command,
    cwd: command.cwd,
    reasons: command.reasons.map(plainLabel),
    findings: (command.findings ?? []).map(([label, text]) => [plainLabel(label), plainLabel(text)]),
    ...(command.rule !== undefined && { rule: command.rule }),
    ...(command.deletes !== undefined && { deletes: [...command.deletes] }),
  },
  reason: quotableReason(reason),
  mayAlways,
});

const folderForm = ({ kind, folder, reason, mayAlways }: FolderRequest): RequestForm => ({
  kind,
  folder: {
    path: folder.path,
    access: folder.access,
    name: plainLabel(folder.name),
    warnings: folder.warnings.map(plainLabel),
  },
  reason: quotableReason(reason),
  mayAlways,
});

const portForm = ({ kind, port: { port, direction }, reason, mayAlways }: PortRequest): RequestForm => ({
  kind,
  port: { port, direction },
  reason: quotableReason(reason),
  mayAlways,
});

/** Nothing of it is left out or changed when a person is shown it. */
function isPlainPath(path: string): boolean {
  return isAbsolutePath(path) && plainLabel(path) === path;
}

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
