import {
  askInOrder,
  declineChannel,
  elicitationChannel,
  requestDigest,
  type Cooldown,
  type AskChannel,
  type AskOutcome,
  type AskRequest,
  type ElicitReply,
  type ElicitRequest,
} from '@deskhand/grants';
import { z } from 'zod';
import type { CallContext } from './tool.ts';

/** How long a person has to answer. */
export const ANSWER_MS = 300_000;

/** The ways to reach a person. */
export interface Asking {
  readonly session: string;
  readonly approvals: 'ask' | 'decline';
  /** The program that runs the agent, asked before its MCP client is. */
  readonly host: AskChannel;
  /** Tried in order after the MCP client. */
  readonly others: readonly AskChannel[];
  /** Of all sessions. */
  readonly cooldown: Cooldown;
}

/**
 * Asks the host, the person at the client, and through the other channels, each when those before it cannot show a
 * question; all of them together have the time of one answer.
 */
export function askPerson(request: AskRequest, asking: Asking, call: CallContext): Promise<AskOutcome> {
  const { approvals, host, others, cooldown, session } = asking;
  const channels = approvals === 'decline' ? [declineChannel()] : [host, atClient(call), ...others];
  return cooldown.asking(session, request, () => askInOrder(channels, request, call.signal));
}

/** In 2026-07-28 a question leaves the tool as an exception, which must get through. */
const atClient = (call: CallContext): AskChannel => ({
  name: 'elicitation',
  throwsOn: true,
  ask: (request, signal) => {
    // an answer to the call that is made again counts for the very files that were asked about
    const key = `access-${requestDigest(request).slice(0, 16)}`;
    return elicitationChannel((form) => elicit(key, form, call)).ask(request, signal);
  },
});

async function elicit(
  key: string,
  { message, requestedSchema }: ElicitRequest,
  call: CallContext,
): Promise<ElicitReply> {
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
  const answer = await call.elicit({ key, message, schema, timeoutMs: ANSWER_MS });
  return answer.action === 'accept'
    ? { action: 'accept', content: answer.content }
    : { action: answer.action };
}
