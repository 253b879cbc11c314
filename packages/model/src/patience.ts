/** Ends what is silent for too long. */
export class Patience {
  readonly #ms: number;
  readonly #ended = new AbortController();
  #timer: NodeJS.Timeout;

  constructor(ms: number) {
    this.#ms = ms;
    this.#timer = setTimeout(() => this.#ended.abort(), ms);
  }

  /** Aborts when it is over. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get isOver(): boolean {
    return this.#ended.signal.aborted;
  }

  /** Something was heard. */
  renew(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ended.abort(), this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
