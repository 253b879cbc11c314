/** Lines of an answer; `more` when there would be others behind them. */
export interface Found {
  readonly lines: readonly string[];
  readonly more: boolean;
}

const MOST_BYTES = 100_000;

/** The part of what is found that is given. */
export class FoundPart {
  readonly #lines: string[] = [];
  readonly #offset: number;
  readonly #limit: number;
  #seen = 0;
  #bytes = 0;
  #more = false;

  /** Lines to leave out, and to give. */
  constructor({ offset, limit }: { readonly offset: number; readonly limit: number }) {
    this.#offset = offset;
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#seen === 0;
  }

  get found(): Found {
    return { lines: this.#lines, more: this.#more };
  }

  /** Whether there was room for it. */
  take(line: string): boolean {
    this.#seen += 1;
    if (this.#seen <= this.#offset) return true;
    this.#bytes += Buffer.byteLength(line) + 1;
    this.#more = this.#lines.length >= this.#limit || this.#bytes > MOST_BYTES;
    if (!this.#more) this.#lines.push(line);
    return !this.#more;
  }
}
