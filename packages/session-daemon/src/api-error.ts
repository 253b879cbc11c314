import { SessionError } from '@deskhand/agent-host';
import { z } from 'zod';

/** What a client can act on: `code`, `message` and `hint` are the body of the answer. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;

  constructor(status: number, code: string, about: { readonly message: string; readonly hint: string }) {
    super(about.message);
    this.status = status;
    this.code = code;
    this.hint = about.hint;
  }

  get body(): { readonly code: string; readonly message: string; readonly hint: string } {
    const { code, message, hint } = this;
    return { code, message, hint };
  }
}

/** By the code that it has in the log of a session or of the process that runs it. */
const STATUS: Readonly<Record<string, number>> = {
  session_unknown: 404,
  event_unknown: 404,
  session_busy: 409,
  session_broken: 409,
  no_question: 409,
  usage: 400,
};

export const failureOf = (failure: {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}): ApiError => new ApiError(STATUS[failure.code] ?? 422, failure.code, failure);

/** @throws whatever is no error that a client can act on */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof SessionError) {
    const { code, message, hint } = error;
    return failureOf({ code, message, hint });
  }
  if (error instanceof z.ZodError)
    return new ApiError(400, 'invalid', {
      message: z.prettifyError(error),
      hint: 'What each route takes: GET /openapi.json',
    });
  throw error;
}
