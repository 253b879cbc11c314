interface Follower<T> {
  readonly begin: (item: T) => () => void;
  readonly ends: Map<T, () => void>;
}

/** Things that come and go, and those who do something with each of them for as long as it is there. */
export class Followed<T> {
  readonly #items = new Set<T>();
  readonly #followers = new Set<Follower<T>>();

  add(item: T): void {
    this.#items.add(item);
    for (const { begin, ends } of this.#followers) ends.set(item, begin(item));
  }

  remove(item: T): void {
    this.#items.delete(item);
    for (const { ends } of this.#followers) {
      ends.get(item)?.();
      ends.delete(item);
    }
  }

  /**
   * Begins with each that is there and each that comes, before anything else happens in it; what `begin` gives ends
   * it, when the thing goes or the function that comes back is called.
   */
  follow(begin: (item: T) => () => void): () => void {
    const ends = new Map([...this.#items].map((item) => [item, begin(item)]));
    const follower = { begin, ends };
    this.#followers.add(follower);
    return () => {
      this.#followers.delete(follower);
      for (const end of ends.values()) end();
    };
  }
}
