/** Aborts its signal when the time is up; the time stands still while a person is asked. */
export class Deadline {
  readonly #cut = new AbortController();
  #left: number;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  #asking = 0;

  constructor(ms: number) {
    this.#left = ms;
    this.#go();
  }

  get signal(): AbortSignal {
    return this.#cut.signal;
  }

  /** Whether it was the time that ended the call. */
  get isPast(): boolean {
    return this.#cut.signal.aborted;
  }

  async while<T>(asking: () => Promise<T>): Promise<T> {
    if (this.#asking === 0) this.#stop();
    this.#asking += 1;
    try {
      return await asking();
    } finally {
      this.#asking -= 1;
      if (this.#asking === 0 && this.#timer === undefined) this.#go();
    }
  }

  end(): void {
    this.#stop();
    this.#asking = Number.POSITIVE_INFINITY;
  }

  #go(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#cut.abort(), this.#left);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#left = Math.max(0, this.#left - (performance.now() - this.#since));
  }
}
