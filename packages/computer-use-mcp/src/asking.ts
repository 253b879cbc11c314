import type { CallContext } from '@deskhand/server-runtime';
import {
  askInOrder,
  elicitationChannel,
  type Cooldown,
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
  readonly session: string;
  readonly approvals: 'ask' | 'decline';
  /** The program that runs the agent, asked before its MCP client is. */
  readonly host: AskChannel;
  /** Tried in order after the MCP client. */
  readonly others: readonly AskChannel[];
  /** Of all sessions. */
  readonly cooldown: Cooldown;
}

/** Asks the host, the person at the client, and through the other channels when neither can show a question. */
export function ask(request: AskRequest, asking: Asking, call: CallContext): Promise<AskOutcome> {
  return asking.cooldown.asking(asking.session, request, async () => {
    if (asking.approvals === 'decline')
      return askInOrder([await atClient(request, call)], request, call.signal);
    const host = await atHost(request, asking.host, call.signal);
    // not inside askInOrder: in 2026-07-28 a question leaves the tool as an exception, which must get through
    const client = host.hasAnswered ? [] : [await atClient(request, call)];
    return askInOrder([host.channel, ...client, ...asking.others], request, call.signal);
  });
}

async function atHost(
  request: AskRequest,
  host: AskChannel,
  signal: AbortSignal,
): Promise<{ readonly channel: AskChannel; readonly hasAnswered: boolean }> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(request.timeoutMs)]);
  const answer = await host.ask(request, inTime).catch((error: unknown): AskAnswer => {
    signal.throwIfAborted();
    return { outcome: 'unavailable', why: error instanceof Error ? error.message : String(error) };
  });
  return { channel: answered(host.name, answer), hasAnswered: answer.outcome === 'answered' };
}

const atClient = async (request: AskRequest, call: CallContext): Promise<AskChannel> =>
  answered('elicitation', await elicitationChannel((form) => elicit(form, call)).ask(request, call.signal));

/** A channel that was asked already. */
const answered = (name: string, answer: AskAnswer): AskChannel => ({
  name,
  ask: () => Promise.resolve(answer),
});

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
