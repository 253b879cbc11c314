import { randomUUID } from 'node:crypto';
import { ANY_SUBJECT, type Grant, type GrantFlags } from '../grant.ts';
import { inTime } from '../in-time.ts';
import { mattersOf } from './matter.ts';
import {
  DENIED,
  scopesOf,
  wantedFlags,
  type AskAnswer,
  type AskChannel,
  type AskDecision,
  type AskRequest,
} from './request.ts';

/** What came of asking. */
export type AskOutcome =
  | {
      readonly outcome: 'answered';
      /** Name of the channel that a person answered through. */
      readonly channel: string;
      /** One for each thing asked for, in that order. */
      readonly decisions: readonly AskDecision[];
      readonly flags: GrantFlags;
    }
  | {
      readonly outcome: 'denied';
      readonly code: 'nobody_to_ask' | 'no_answer_in_time' | 'denied_recently';
      readonly message: string;
      /** What a person can do instead. */
      readonly hint: string;
    };

type Denial = Extract<AskOutcome, { outcome: 'denied' }>;

/**
 * Asks through the first channel that can; without one, or without an answer in time, the outcome is a denial,
 * and the question is left where a person finds it later when a channel can do that.
 * @throws the reason of `signal` when the caller gives up, and what a channel with `throwsOn` throws
 */
export async function askInOrder(
  channels: readonly AskChannel[],
  request: AskRequest,
  signal: AbortSignal,
): Promise<AskOutcome> {
  return inTime(request.timeoutMs, signal, (either) => askEach(channels, request, { signal, either }));
}

async function askEach(
  channels: readonly AskChannel[],
  request: AskRequest,
  { signal, either }: { readonly signal: AbortSignal; readonly either: AbortSignal },
): Promise<AskOutcome> {
  const tried: string[] = [];
  const denied = (code: Denial['code'], message: string): AskOutcome => ({
    outcome: 'denied',
    code,
    message,
    hint: leftForLater(channels, request) ?? (request.mayAlways ? editFor(request) : ONCE_ONLY),
  });
  for (const channel of channels) {
    const answer = await untilAborted(attempt(channel, request, either), either);
    signal.throwIfAborted();
    if (answer === 'aborted')
      return denied('no_answer_in_time', `nobody answered within ${request.timeoutMs / 1000} s`);
    if (answer.outcome === 'answered') return settled(channel.name, answer, request);
    tried.push(`${channel.name}: ${answer.why}`);
  }
  return denied('nobody_to_ask', `no person could be asked (${tried.join('; ') || 'no channel'})`);
}

/** A channel that fails cannot allow anything: the next one is tried, unless it says otherwise. */
async function attempt(channel: AskChannel, request: AskRequest, signal: AbortSignal): Promise<AskAnswer> {
  try {
    return await channel.ask(request, signal);
  } catch (error) {
    if (channel.throwsOn === true) throw error;
    return { outcome: 'unavailable', why: error instanceof Error ? error.message : String(error) };
  }
}

/** Does not wait for a channel that ignores its signal. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve('aborted');
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Holds an answer to what was asked: nothing else is allowed, and nothing for longer. */
function settled(
  channel: string,
  answer: AskAnswer & { outcome: 'answered' },
  request: AskRequest,
): AskOutcome {
  const decisions = mattersOf(request).map(({ key: asked }): AskDecision => {
    const given = answer.decisions.filter((decision) => decision.asked === asked);
    const [first] = given;
    if (first === undefined || given.some(({ decision }) => decision === 'deny')) return { asked, ...DENIED };
    const scope = scopesOf(request).find((offered) => offered === first.scope) ?? 'once';
    return { asked, decision: 'allow', scope };
  });
  const isAnyAllowed = decisions.some(({ decision }) => decision === 'allow');
  const flags = wantedFlags(request).filter((flag) => isAnyAllowed && answer.flags[flag] === true);
  return {
    outcome: 'answered',
    channel,
    decisions,
    flags: Object.fromEntries(flags.map((flag) => [flag, true])),
  };
}

function leftForLater(channels: readonly AskChannel[], request: AskRequest): string | undefined {
  for (const channel of channels) {
    try {
      const hint = channel.leave?.(request);
      if (hint !== undefined) return hint;
    } catch {
      continue; // the agent is denied either way, and told another way to allow it
    }
  }
  return undefined;
}

const ONCE_ONLY = 'The policy wants a person at the screen for every session: ask again when one is there.';

/** The rows for a person to add to the file, ready to paste. */
function editFor(request: AskRequest): string {
  const createdAt = new Date().toISOString();
  const rows = mattersOf(request).map(({ resource, identity }): Grant => ({
    id: randomUUID(),
    subject: ANY_SUBJECT,
    resource,
    decision: 'allow',
    scope: 'always',
    origin: 'person',
    ...(identity && { identity }),
    createdAt,
  }));
  const file = request.grantsFile ?? 'grants.json in the state folder of Deskhand';
  return `A person can allow it by adding this to the list "grants" in ${file}: ${rows.map((row) => JSON.stringify(row)).join(', ')}`;
}
