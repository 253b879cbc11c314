/** What a command prints, and the exit code when it is not 0. */
export interface CommandResult {
  readonly text: string;
  readonly exitCode?: number;
}

/** What the commands know of their surroundings. */
export interface CliContext {
  /** The words before those of a command: `deskhand-grants`, or what calls it as one of its own. */
  readonly called: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homedir: string;
  readonly cwd: string;
  /** Standard output is a terminal that may show colours. */
  readonly isColoured: boolean;
}

/** The command was used wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command was understood and not done; `hint` says what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

export const json = (value: unknown): string => JSON.stringify(value, null, 2);
