import { ToolError } from '../tool-error.ts';
import type { Call, PendingQuestions } from './call.ts';
import type { Layer } from './layer.ts';

/** Thrown by `elicit` to end a run that needs an answer first. Tools let it pass. */
export class QuestionSignal extends Error {
  override readonly name = 'QuestionSignal';
  readonly questions: PendingQuestions;

  constructor(questions: PendingQuestions) {
    super('The answer comes with the next run of this call');
    this.questions = questions;
  }
}

/** The one place that catches: whatever was thrown becomes an outcome. */
export const mapErrors: Layer<Call> = async (call, next) => {
  try {
    return await next(call);
  } catch (error) {
    if (error instanceof QuestionSignal) return { kind: 'questions', questions: error.questions };
    if (error instanceof ToolError) return { kind: 'error', error };
    call.log.error('a tool failed with a bug', { err: error });
    return { kind: 'error', error: internalError(call.ref, error) };
  }
};

function internalError(ref: string, cause: unknown): ToolError {
  return new ToolError('internal_error', 'The tool failed because of a bug in this server', {
    hint: `Try another way; the server's log has the details under ${ref}.`,
    cause,
  });
}
