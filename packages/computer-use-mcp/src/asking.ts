import type { CallContext } from '@deskhand/server-runtime';
import {
  askInOrder,
  elicitationChannel,
  type AskAnswer,
  type AskChannel,
  type AskOutcome,
  type AskRequest,
  type ElicitReply,
  type ElicitRequest,
} from '@deskhand/grants';
import { z } from 'zod';

/** How long a person has to answer. */
export const ANSWER_MS = 300_000;

/** The ways to reach a person. */
export interface Asking {
  readonly approvals: 'ask' | 'decline';
  /** Tried in order after the MCP client itself. */
  readonly channels: readonly AskChannel[];
}

/** Asks the person at the client, and through the other channels when the client cannot show a question. */
export async function ask(
  request: AskRequest,
  { approvals, channels }: Asking,
  call: CallContext,
): Promise<AskOutcome> {
  // not inside askInOrder: in 2026-07-28 a question leaves the tool as an exception, which must get through
  const atClient = await elicitationChannel((form) => elicit(form, call)).ask(request, call.signal);
  const client: AskChannel = {
    name: 'elicitation',
    ask: (): Promise<AskAnswer> => Promise.resolve(atClient),
  };
  const others = approvals === 'decline' ? [] : channels;
  return askInOrder([client, ...others], request, call.signal);
}

async function elicit({ message, requestedSchema }: ElicitRequest, call: CallContext): Promise<ElicitReply> {
  const schema = z.object(
    Object.fromEntries(
      Object.entries(requestedSchema.properties).map(([name, field]) => [
        name,
        field.type === 'string'
          ? z
              .enum(field.enum)
              .default(field.default)
              .meta({ title: field.title, description: field.description })
          : z.boolean().default(field.default).meta({ title: field.title }),
      ]),
    ),
  );
  const answer = await call.elicit({ key: 'access', message, schema, timeoutMs: ANSWER_MS });
  return answer.action === 'accept'
    ? { action: 'accept', content: answer.content }
    : { action: answer.action };
}
