import { z } from 'zod';
import type { GrantFlags } from '../grant.ts';
import { decideAll, mattersOf, type Matter } from './matter.ts';
import { quotableReason } from './plain-text.ts';
import { namesIn } from './question-text.ts';
import {
  DENIED,
  FLAG_MEANINGS,
  scopesOf,
  wantedFlags,
  type AskAnswer,
  type AskChannel,
  type AskRequest,
  type AskScope,
} from './request.ts';

type Choice = 'deny' | AskScope;

interface ChoiceField {
  readonly type: 'string';
  readonly title: string;
  readonly description: string;
  readonly enum: Choice[];
  readonly default: Choice;
}

interface FlagField {
  readonly type: 'boolean';
  readonly title: string;
  readonly default: boolean;
}

/** The parameters of an MCP form elicitation. */
export interface ElicitRequest {
  readonly message: string;
  readonly requestedSchema: {
    readonly type: 'object';
    readonly properties: { [field: string]: ChoiceField | FlagField };
    readonly required: string[];
  };
}

/** The result of an MCP elicitation, or that the client cannot show one. */
export interface ElicitReply {
  readonly action: 'accept' | 'decline' | 'cancel' | 'unavailable';
  readonly content?: unknown;
}

const contentSchema = z.object({
  decision: z.enum(['deny', 'once', 'session', 'always']),
  clipboardRead: z.boolean().optional(),
  clipboardWrite: z.boolean().optional(),
  systemKeyCombos: z.boolean().optional(),
});

/** Asks through the MCP client. Only an explicit accept with a choice to allow allows. */
export const elicitationChannel = (
  elicit: (request: ElicitRequest, signal: AbortSignal) => Promise<ElicitReply>,
): AskChannel => ({
  name: 'elicitation',
  ask: async (request, signal) =>
    readReply(
      request,
      await elicit({ message: messageFor(request), requestedSchema: formFor(request) }, signal),
    ),
});

function readReply(request: AskRequest, { action, content }: ElicitReply): AskAnswer {
  if (action === 'unavailable') return { outcome: 'unavailable', why: 'the client cannot show forms' };
  const form = contentSchema.safeParse(content);
  if (action !== 'accept' || !form.success || form.data.decision === 'deny')
    return { outcome: 'answered', decisions: decideAll(request, DENIED), flags: {} };
  const { decision: scope, ...given } = form.data;
  const flags: GrantFlags = given;
  return { outcome: 'answered', decisions: decideAll(request, { decision: 'allow', scope }), flags };
}

function formFor(request: AskRequest): ElicitRequest['requestedSchema'] {
  const flags = wantedFlags(request).map((flag): [string, FlagField] => [
    flag,
    { type: 'boolean', title: `Also let it ${FLAG_MEANINGS[flag]}`, default: false },
  ]);
  return {
    type: 'object',
    properties: { decision: choiceField(request), ...Object.fromEntries(flags) },
    required: ['decision'],
  };
}

function choiceField(request: AskRequest): ChoiceField {
  const scopes = scopesOf(request);
  const meanings = {
    once: scopes.includes('session') ? 'allow this one time' : 'allow for this session',
    session: 'allow for this session',
    always: 'allow until revoked',
  };
  return {
    type: 'string',
    title: 'Decision',
    description: ['deny', ...scopes.map((scope) => `${scope}: ${meanings[scope]}`)].join('; '),
    enum: ['deny', ...scopes],
    default: 'deny',
  };
}

function messageFor(request: AskRequest): string {
  const quoted = quotableReason(request.reason);
  const matters = mattersOf(request);
  return [
    `An agent asks to ${matters[0]?.deed ?? 'use'} ${namesIn(request)}.`,
    ...matters.map((matter) => describe(matter, matters.length > 1)),
    quoted === '' ? 'The agent gives no reason.' : `The agent's own words, unchecked: “${quoted}”`,
  ].join('\n\n');
}

/** One of several has its name again, and is told apart by it. */
const describe = ({ name, place, access, warnings }: Matter, isOfSeveral: boolean): string =>
  [
    ...(isOfSeveral ? [place.length === 1 ? `${name} (${place[0]?.[1] ?? ''})` : name] : []),
    ...(isOfSeveral && place.length === 1 ? [] : place.map(([label, text]) => `${label}: ${text}`)),
    `Access: ${access}`,
    ...warnings.map((warning) => `Warning: ${warning}`),
  ].join('\n');
