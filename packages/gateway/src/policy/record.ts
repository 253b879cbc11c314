import { digestJson, isJson, LedgerError, type Json, type Ledger } from '@deskhand/run-ledger';
import type { CallOutcome } from '../gateway.ts';
import { Failure, Parked, Refusal, type PolicyCall, type Result } from './policy-call.ts';

const LABEL = 200;

export interface RecordOptions {
  readonly ledger: Ledger;
  readonly session: string;
  readonly now: () => number;
}

/** Does the rest between two rows of the ledger; whatever it throws becomes an outcome here. */
export async function recorded(
  call: PolicyCall,
  { ledger, session, now }: RecordOptions,
  rest: () => Promise<Result>,
): Promise<CallOutcome> {
  const begin = now();
  const { input, name, known } = call;
  const about = {
    call: call.id.slice(0, LABEL),
    ...(known && { server: known.server.about.name, tool: known.tool.name }),
  };
  const row = { name: name.slice(0, LABEL) || '(no name)', session };
  let ref: number;
  try {
    ref = ledger.append({ phase: 'intent', ...row, argsSha256: digestOf(input), decision: about }).seq;
  } catch (error) {
    return { kind: 'done', ...unrecorded(error), decision: 'denied', ms: now() - begin };
  }
  const { outcome, reason } = await settled(rest, call);
  const ms = Math.max(0, now() - begin);
  const decision = {
    ...about,
    decision: outcome === undefined ? 'cancelled' : outcome.kind === 'parked' ? 'parked' : outcome.decision,
    by: call.decided.at(-1),
    generation: known?.server.status.generation,
    ...(outcome?.kind === 'done' && { code: outcome.code, tier: outcome.tier, isError: outcome.isError }),
  };
  const content = outcome?.kind === 'done' ? { resultSha256: digestOf(outcome.content) } : {};
  try {
    ledger.append({ phase: 'outcome', ref, ...row, decision, ms, ...content });
  } catch (error) {
    if (outcome !== undefined) return { kind: 'done', ...unended(error), decision: 'allowed', ms };
  }
  if (outcome === undefined) throw reason;
  return outcome.kind === 'parked' ? outcome : { ...outcome, ms };
}

interface Settled {
  /** Undefined of a call that was given up. */
  readonly outcome: CallOutcome | undefined;
  readonly reason?: unknown;
}

async function settled(rest: () => Promise<Result>, { options: { signal } }: PolicyCall): Promise<Settled> {
  try {
    return { outcome: { kind: 'done', ...(await rest()), decision: 'allowed', ms: 0 } };
  } catch (error) {
    if (signal.aborted) return { outcome: undefined, reason: signal.reason };
    if (error instanceof Parked) return { outcome: { kind: 'parked', question: error.question } };
    const isRefused = error instanceof Refusal;
    const code = isRefused || error instanceof Failure ? error.code : 'internal_error';
    const text = error instanceof Error ? error.message : String(error);
    return {
      outcome: { kind: 'done', ...failed(code, text), decision: isRefused ? 'denied' : 'allowed', ms: 0 },
    };
  }
}

function unrecorded(error: unknown): Result {
  const why = error instanceof LedgerError ? error.message : 'its arguments are no JSON';
  return failed('audit_unavailable', `The call cannot be recorded, so nothing was done: ${why}`);
}

const unended = (error: unknown): Result =>
  failed(
    'audit_unavailable',
    `The call was made, but what came of it cannot be recorded: ${error instanceof Error ? error.message : String(error)}`,
  );

const failed = (code: string, text: string): Result => ({
  content: [{ type: 'text', text }],
  isError: true,
  code,
  tier: null,
});

const digestOf = (value: unknown): string => digestJson(jsonOf(value));

function jsonOf(value: unknown): Json {
  if (!isJson(value)) throw new TypeError('it is no JSON');
  return value;
}
