/** A map with at most so many entries: the one that was set longest ago is forgotten first. */
export class Recent<K, V> {
  readonly #most: number;
  readonly #entries = new Map<K, V>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Gives what was forgotten for it, if anything was. */
  set(key: K, value: V): V | undefined {
    this.#entries.delete(key); // the order in the map is the order of setting
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#most) return undefined;
    for (const [oldest, forgotten] of this.#entries) {
      this.#entries.delete(oldest);
      return forgotten;
    }
    return undefined;
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }
}
