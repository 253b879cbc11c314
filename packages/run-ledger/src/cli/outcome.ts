/** What a command prints, and the code that the process ends with. */
export interface CommandResult {
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** 0: done; 1: used wrongly, or something cannot be read; 2: the ledger does not hold. */
export type ExitCode = 0 | 1 | 2;

/** The command line is wrong, or what it names is not there; the message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const done = (text: string): CommandResult => ({ text, exitCode: 0 });

export const json = (value: unknown): string => JSON.stringify(value, null, 2);
