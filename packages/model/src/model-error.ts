/**
 * `rejected`: the request is not in order, and the same again is refused again. `broken`: the answer stopped on its way,
 * or was no answer.
 */
export type ModelErrorCode =
  | 'not_signed_in'
  | 'rate_limited'
  | 'overloaded'
  | 'rejected'
  | 'too_large'
  | 'unreachable'
  | 'broken'
  | 'silent';

interface ModelErrorOptions {
  readonly hint: string;
  readonly cause?: unknown;
  /** Milliseconds that the service asks to wait. */
  readonly retryAfter?: number | null;
}

const PASSING: readonly ModelErrorCode[] = ['rate_limited', 'overloaded', 'unreachable', 'broken', 'silent'];

/** Why there is no turn. */
export class ModelError extends Error {
  readonly code: ModelErrorCode;
  readonly hint: string;
  readonly retryAfter: number | null;

  constructor(code: ModelErrorCode, message: string, { hint, cause, retryAfter = null }: ModelErrorOptions) {
    super(message, { cause });
    this.name = 'ModelError';
    this.code = code;
    this.hint = hint;
    this.retryAfter = retryAfter;
  }

  /** The same request may go through later. */
  get isPassing(): boolean {
    return PASSING.includes(this.code);
  }
}

const HINTS: Readonly<Record<ModelErrorCode, string>> = {
  not_signed_in: 'Set the key of the service, and look whether it is still valid.',
  rate_limited: 'Wait, or raise the limit with the service.',
  overloaded: 'Try again in a minute.',
  rejected: 'This is a fault of the program: keep the session and report it.',
  too_large: 'Shorten the conversation.',
  unreachable: 'Look whether the address is right and the service runs.',
  broken: 'Try again.',
  silent: 'Try again, or allow more time.',
};

interface HttpFailure {
  readonly status: number;
  readonly message: string;
  /** Of the header, in seconds. */
  readonly retryAfter: string | null;
  readonly cause: unknown;
}

/** A refusal by its status. */
export function httpError({ status, message, retryAfter, cause }: HttpFailure): ModelError {
  const code = codeOf(status);
  const seconds = Number(retryAfter ?? Number.NaN);
  return new ModelError(code, `The model's service answered ${status}: ${message}`, {
    ...{ hint: HINTS[code], cause },
    retryAfter: Number.isFinite(seconds) ? seconds * 1_000 : null,
  });
}

function codeOf(status: number): ModelErrorCode {
  if (status === 401 || status === 403) return 'not_signed_in';
  if (status === 413) return 'too_large';
  if (status === 429) return 'rate_limited';
  return status >= 500 ? 'overloaded' : 'rejected';
}

export const unreachable = (url: string, cause: unknown): ModelError =>
  new ModelError('unreachable', `The model's service at ${url} cannot be reached: ${reasonOf(cause)}`, {
    ...{ hint: HINTS.unreachable, cause },
  });

export const broken = (cause: unknown): ModelError =>
  new ModelError('broken', `The answer of the model stopped on its way: ${reasonOf(cause)}`, {
    ...{ hint: HINTS.broken, cause },
  });

export const silent = (ms: number): ModelError =>
  new ModelError('silent', `The model said nothing for ${ms / 1_000} s`, { hint: HINTS.silent });

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
