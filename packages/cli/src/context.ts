/** What the commands get from outside. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homedir: string;
  readonly cwd: string;
  /** From where packages beside this one are found: a file of it. */
  readonly from: string;
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Hears of Ctrl-C, or why else it is to end; returns what ends that. */
  readonly onInterrupt: (hear: (why?: string) => void) => () => void;
  /** As if the person had pressed Ctrl-C. */
  readonly interrupt: () => void;
  readonly leave: (code: number) => void;
}

/** A command that was used wrongly, or cannot be done: what happened, and what to do. */
export class Refusal extends Error {
  readonly hint: string;
  readonly exitCode: number;

  constructor(message: string, hint: string, exitCode: number = EXIT.failed) {
    super(message);
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  /** A person has to answer. */
  question: 3,
  /** Of turns or money. */
  limit: 4,
  /** The model failed, refused, or was cut. */
  model: 5,
  stopped: 130,
} as const;
