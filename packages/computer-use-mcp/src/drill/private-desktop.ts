/** A desktop that nobody sees. */
export interface PrivateDesktop {
  /** As a person reads it, such as `:5, with openbox`. */
  readonly name: string;
  /** Options with which the drill is run there. */
  readonly args: readonly string[];
  /** What a program needs to be shown there. */
  readonly env: Readonly<Record<string, string | undefined>>;
  close(): Promise<void>;
}
