/** A wrong option. The message names its source first: the flag, the variable or the file. A cli exits with 1. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly source: string;

  constructor(source: string, problem: string, options?: ErrorOptions) {
    super(`${source}: ${problem}`, options);
    this.source = source;
  }
}
