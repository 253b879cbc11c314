/** No accessibility bus could be reached. The message says why; the hint says what a person can do. */
export class AccessibilityUnavailable extends Error {
  override readonly name = 'AccessibilityUnavailable';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** The program tells nothing about this window. */
export class NoTree extends Error {
  override readonly name = 'NoTree';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** The program is connected and did not answer in time. */
export class ProgramSilent extends Error {
  override readonly name = 'ProgramSilent';
}
