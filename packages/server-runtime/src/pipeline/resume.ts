import { z } from 'zod';
import { ToolError } from '../tool-error.ts';
import type { AnsweredCall, Asking, Call, PendingQuestions } from './call.ts';
import type { Layer } from './layer.ts';

/** How long a question of the 2026-07-28 protocol can be answered, in seconds. */
export const questionLifeSeconds = 600;

const answered = z.object({ questionSha256: z.string(), answer: z.unknown() });

/**
 * What travels through the client between two runs of a call, under our seal. It says which questions of which
 * call were asked, so that an answer counts for that call alone and once.
 */
const callState = z.object({
  id: z.string(),
  ref: z.string(),
  tool: z.string(),
  argsSha256: z.string(),
  session: z.string(),
  asked: z.array(z.object({ key: z.string(), questionSha256: z.string() })),
  answers: z.array(answered),
});

export type CallState = z.output<typeof callState>;

/** The state to seal when a run of `call` ends with questions. */
export function stateOf(
  call: Pick<Call, 'ref' | 'name' | 'argsSha256' | 'session'>,
  { asked, answers }: PendingQuestions,
): CallState {
  return {
    id: crypto.randomUUID(),
    ref: call.ref,
    tool: call.name,
    argsSha256: call.argsSha256,
    session: call.session,
    asked: asked.map(({ question, questionSha256 }) => ({ key: question.key, questionSha256 })),
    answers: [...answers].map(([questionSha256, answer]) => ({ questionSha256, answer })),
  };
}

/**
 * Hands a repeated call the answers to what its earlier runs asked. Answers without our state are ignored, and a
 * state that is forged, expired, used before or made for another call is refused.
 */
export function resume<C extends AnsweredCall>(): Layer<C> {
  const spent = new SpentStates();
  return async (call, next) => {
    const { asking } = call.channel;
    if (asking.kind !== 'replay') return next(call);
    const state = await openState(asking);
    if (state === undefined) return next(call);
    if (!isOf(state, call) || !spent.spend(state.id)) throw invalidState();
    call.note({ resumes: state.ref });
    const answers = new Map(state.answers.map(({ questionSha256, answer }) => [questionSha256, answer]));
    for (const { key, questionSha256 } of state.asked) {
      if (Object.hasOwn(asking.responses, key)) answers.set(questionSha256, asking.responses[key]);
    }
    return next({ ...call, answers });
  };
}

async function openState(asking: Asking & { kind: 'replay' }): Promise<CallState | undefined> {
  let sealed: unknown;
  try {
    sealed = await asking.openState();
  } catch (cause) {
    throw invalidState(cause);
  }
  if (sealed === undefined) return undefined;
  const state = callState.safeParse(sealed);
  if (!state.success) throw invalidState(state.error);
  return state.data;
}

function isOf(state: CallState, call: Call): boolean {
  return state.tool === call.name && state.argsSha256 === call.argsSha256 && state.session === call.session;
}

function invalidState(cause?: unknown): ToolError {
  return new ToolError('invalid_request_state', 'Invalid or expired requestState', {
    hint: 'Send the call again without it.',
    cause,
  });
}

/** Remembers which states were used, for as long as they could be sent again. */
class SpentStates {
  readonly #ids = new Map<string, number>();

  /** False when it was spent before. */
  spend(id: string): boolean {
    const now = performance.now();
    for (const [old, expiry] of this.#ids) if (expiry < now) this.#ids.delete(old);
    if (this.#ids.has(id)) return false;
    this.#ids.set(id, now + (questionLifeSeconds + 1) * 1000);
    return true;
  }
}
