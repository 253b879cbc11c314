import { sha256 } from '../digest.ts';
import { ToolError } from '../tool-error.ts';
import type { ToolResult } from '../tool.ts';
import type { Call, Outcome } from './call.ts';
import type { Layer } from './layer.ts';

/** How a call ended, in the `decision` of its outcome row. */
export type CallDecision =
  | { readonly status: 'ok' }
  | { readonly status: 'error'; readonly code: string }
  /** 2026-07-28 only: this run ended with a question; the run with the answer has rows of its own. */
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
}

/** Outermost: writes the two rows around everything, refusals, time-outs and bugs included. */
export function audit(sink: AuditSink): Layer<Call> {
  return async (call, next) => {
    const { ref, session, argsSha256 } = call;
    const name = call.name.slice(0, 200) || '(none)';
    const append = async (row: Omit<AuditRow, 'ref' | 'name' | 'session' | 'argsSha256'>): Promise<void> => {
      await sink.append({ ...row, ref, name, session, argsSha256 });
    };
    const lost = (err: unknown): void => call.log.error('an audit row was lost', { err });
    try {
      await append({ phase: 'intent' });
    } catch (cause) {
      call.log.error('the audit refused an intent', { err: cause });
      return { kind: 'error', error: auditUnavailable(cause) };
    }
    const start = performance.now();
    let notes = Promise.resolve();
    const note = (decision: unknown): void => {
      notes = notes.then(() => append({ phase: 'note', decision })).catch(lost);
    };
    const outcome = await next({ ...call, note });
    await notes;
    await append({ phase: 'outcome', ...judged(outcome), ms: Math.round(performance.now() - start) }).catch(
      lost,
    );
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
    case 'question':
      return { decision: { status: 'input_required', asked: outcome.question.request.key } };
  }
}

function resultDigest({ text, images = [], structured }: ToolResult): string {
  const pictures = images.map(({ mimeType, data }) => ({
    mimeType,
    sha256: sha256(typeof data === 'string' ? Buffer.from(data, 'base64') : data),
  }));
  return sha256({ text, images: pictures, structured });
}
