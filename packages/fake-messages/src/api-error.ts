const TYPES = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
} as const;

export type Status = keyof typeof TYPES;

/** A refusal as the service words it. */
export class ApiError extends Error {
  readonly status: Status;
  /** Seconds. */
  readonly retryAfter: number | null;

  constructor(
    status: Status,
    message: string,
    { retryAfter = null, cause }: { retryAfter?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'ApiError';
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** The body of the answer. */
  body(requestId: string): Readonly<Record<string, unknown>> {
    return {
      type: 'error',
      error: { type: TYPES[this.status], message: this.message },
      request_id: requestId,
    };
  }
}

export const invalid = (message: string): ApiError => new ApiError(400, message);
