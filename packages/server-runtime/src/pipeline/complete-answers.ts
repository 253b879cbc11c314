import { ToolError } from '../tool-error.ts';
import type { Call } from './call.ts';
import type { Layer } from './layer.ts';

/** Completes the structured part of an answer with what all answers of a server carry. Must not reject. */
export type Complete = (
  structured: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>>>;

/** Completes results and errors alike, those of the pipeline included. */
export function completeAnswers(complete: Complete): Layer<Call> {
  return async (call, next) => {
    const outcome = await next(call);
    if (outcome.kind === 'questions') return outcome;
    if (outcome.kind === 'result') {
      const { result } = outcome;
      const structured = await complete(result.structured ?? {});
      if (result.structured === undefined && Object.keys(structured).length === 0) return outcome;
      return { kind: 'result', result: { ...result, structured } };
    }
    const { code, message, hint, cause, details } = outcome.error;
    const options = { cause, details: await complete(details), ...(hint !== undefined && { hint }) };
    return { kind: 'error', error: new ToolError(code, message, options) };
  };
}
