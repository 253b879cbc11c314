/** A daemon that cannot be reached, started or trusted; `hint` has the command that helps. */
export class DaemonError extends Error {
  override readonly name = 'DaemonError';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
