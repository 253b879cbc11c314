/** Gives turns one at a time, in the order they were asked for. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  readonly #graceMs: number;
  #taken = false;
  #overdue = new AbortController();
  #grace: NodeJS.Timeout | undefined;

  /** `graceMs`: how long an answered call may take to stop before those behind it are turned away. */
  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  get idle(): boolean {
    return !this.#taken;
  }

  /**
   * Waits for the turn. `overdue` means that the call whose turn it is was answered, by a time-out or a
   * cancellation, and still has not stopped; `left` that `signal` was aborted first.
   */
  async take(signal: AbortSignal): Promise<'taken' | 'overdue' | 'left'> {
    if (signal.aborted) return 'left';
    if (!this.#taken) {
      this.#taken = true;
      return 'taken';
    }
    const overdue = this.#overdue.signal;
    if (overdue.aborted) return 'overdue';
    return new Promise((resolve) => {
      const settled = new AbortController();
      const settle = (how: 'taken' | 'overdue' | 'left') => (): void => {
        settled.abort();
        if (how !== 'taken') this.#waiting.splice(this.#waiting.indexOf(mine), 1);
        resolve(how);
      };
      const mine = settle('taken');
      this.#waiting.push(mine);
      signal.addEventListener('abort', settle('left'), { signal: settled.signal });
      overdue.addEventListener('abort', settle('overdue'), { signal: settled.signal });
    });
  }

  /** Says that the call whose turn it is was answered but may still be at work. */
  answered(): void {
    this.#grace = setTimeout(() => this.#overdue.abort(), this.#graceMs).unref();
  }

  /** Passes the turn on. */
  release(): void {
    clearTimeout(this.#grace);
    if (this.#overdue.signal.aborted) this.#overdue = new AbortController();
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next();
  }
}
