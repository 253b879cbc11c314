/** A process that controls a desktop, as far as it can be told. */
export interface Controller {
  readonly pid: number | null;
  /** What it says of itself. */
  readonly name: string | null;
  /** The program that started it, by its own words. */
  readonly startedBy: string | null;
  readonly since: Date | null;
}

/** The right of one process at a time to act on a desktop. It ends with the process that has it, and never before. */
export interface Control {
  /** Takes it, or gives who else has it; `null` when it is this process's. */
  claim(): Promise<Controller | null>;
  /** Lets others take it. */
  release(): void;
}
