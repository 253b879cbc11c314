import { sha256 } from '../digest.ts';
import { ToolError } from '../tool-error.ts';
import type { Call, Outcome } from './call.ts';
import type { Layer } from './layer.ts';
import { recordedArgs, recordedOutcome, resultDigest } from './recording.ts';

/** How a call ended, in the `decision` of its outcome row. */
export type CallDecision =
  | { readonly status: 'ok' }
  | { readonly status: 'error'; readonly code: string }
  /** 2026-07-28 only: this run ended with questions (their keys); the run with the answers has rows of its own. */
  | { readonly status: 'input_required'; readonly asked: string };

/**
 * One row of the record. A call leaves an `intent` before anything happens and an `outcome` after, with `note`
 * rows between. Arguments and results are digests (sha256 of canonical JSON), never themselves.
 */
export interface AuditRow {
  readonly phase: 'intent' | 'outcome' | 'note';
  /** The same on all rows of one call. */
  readonly ref: string;
  /** The tool's name as the caller gave it, cut at 200 characters. */
  readonly name: string;
  readonly session: string;
  /** Who acts, by the door they came in through. */
  readonly actor: string;
  readonly argsSha256: string;
  /** Of an outcome: a {@link CallDecision}. Of a note: what the tool recorded. */
  readonly decision?: unknown;
  readonly resultSha256?: string;
  /** Milliseconds from intent to outcome. */
  readonly ms?: number;
}

/** Where rows go. A rejected intent refuses the call: no effect without a record. */
export interface AuditSink {
  append(row: AuditRow): void | Promise<void>;
  /** Only there when the person turned recording on: keeps bytes under their SHA-256, which a row names. */
  record?(bytes: Uint8Array): void;
}

/** Outermost: writes the two rows around everything, refusals, time-outs and bugs included. */
export function audit(sink: AuditSink): Layer<Call> {
  return async (call, next) => {
    const { ref, session, actor, argsSha256 } = call;
    const name = call.name.slice(0, 200) || '(none)';
    // `row` comes last, because V8 takes microseconds to add members to a copy
    const append = (
      row: Pick<AuditRow, 'phase' | 'decision' | 'resultSha256' | 'ms'>,
    ): void | Promise<void> => sink.append({ ref, name, session, actor, argsSha256, ...row });
    const lost = (err: unknown): void => call.log.error('an audit row was lost', { err });
    try {
      await append({ phase: 'intent' });
    } catch (cause) {
      call.log.error('the audit refused an intent', { err: cause });
      return { kind: 'error', error: auditUnavailable(cause) };
    }
    const record = (contents: () => readonly Uint8Array[]): void => {
      try {
        if (sink.record !== undefined) for (const bytes of contents()) sink.record(bytes);
      } catch (err) {
        call.log.error('what was called or came of it could not be recorded', { err });
      }
    };
    record(() => recordedArgs(call.args));
    const start = performance.now();
    let notes = Promise.resolve();
    const note = (decision: unknown): void => {
      notes = notes.then(() => append({ phase: 'note', decision })).catch(lost);
    };
    const outcome = await next({ ...call, note });
    await notes;
    record(() => recordedOutcome(outcome));
    const judgement = judged(outcome);
    try {
      await append({ phase: 'outcome', ms: Math.round(performance.now() - start), ...judgement });
    } catch (err) {
      lost(err);
    }
    return outcome;
  };
}

function auditUnavailable(cause: unknown): ToolError {
  return new ToolError(
    'audit_unavailable',
    'Nothing was done, because the record of calls cannot be written',
    {
      hint: 'Tell the person: the disk may be full or the state folder not writable.',
      cause,
    },
  );
}

function judged(outcome: Outcome): { decision: CallDecision; resultSha256?: string } {
  switch (outcome.kind) {
    case 'result':
      return { decision: { status: 'ok' }, resultSha256: resultDigest(outcome.result) };
    case 'error':
      return {
        decision: { status: 'error', code: outcome.error.code },
        resultSha256: sha256(outcome.error.structured),
      };
    case 'questions': {
      const asked = outcome.questions.asked.map(({ question }) => question.key).join(', ');
      return { decision: { status: 'input_required', asked } };
    }
  }
}
