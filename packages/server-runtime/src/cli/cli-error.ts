/** What a command ends with. */
export const exitCodes = { ok: 0, usage: 1, unreachable: 4, toolError: 5 } as const;

/** A failure that a person can act on: its message and hint are printed, without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;
  readonly hint: string | undefined;

  constructor(
    message: string,
    { exitCode = exitCodes.usage, hint, cause }: { exitCode?: number; hint?: string; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
