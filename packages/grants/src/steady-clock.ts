/** A clock that setting the time of the computer back does not set back, as long as this process lives. */
export class SteadyClock {
  readonly #startedAt = Date.now();
  readonly #origin = performance.now();

  /** Milliseconds since the epoch. */
  now(): number {
    return Math.max(Date.now(), this.#startedAt + performance.now() - this.#origin);
  }
}
