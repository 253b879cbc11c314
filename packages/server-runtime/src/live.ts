/** A value that may change while it is served; whoever serves it is told. */
export class Live<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` after each change, until the function that comes back is called. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** What is fixed, or may change. */
export type MaybeLive<T> = T | Live<T>;

export const current = <T>(value: MaybeLive<T>): T => (value instanceof Live ? value.value : value);
