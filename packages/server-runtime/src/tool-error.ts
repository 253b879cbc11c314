/** Options of a {@link ToolError}. */
export interface ToolErrorOptions {
  /** What would work instead, as a full sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Fields for the top level of `structuredContent`, beside `error`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * The only error a tool throws on purpose. The model reads "message. hint"; programs read
 * `structuredContent = {...details, error: {code, message, hint}}`. Anything else that is thrown counts as a bug.
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  /** Lower snake case, listed in the package's table of codes. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: ToolErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }

  /** "message. hint", with exactly one full stop between them; the hint has a line of its own below several lines. */
  get text(): string {
    const hasLines = this.message.includes('\n');
    const message = hasLines || /[.!?]$/.test(this.message) ? this.message : `${this.message}.`;
    return this.hint === undefined ? message : `${message}${hasLines ? '\n' : ' '}${this.hint}`;
  }

  /** The structured half of the answer. */
  get structured(): Readonly<Record<string, unknown>> {
    const error = {
      code: this.code,
      message: this.message,
      ...(this.hint !== undefined && { hint: this.hint }),
    };
    return { ...this.details, error };
  }
}
