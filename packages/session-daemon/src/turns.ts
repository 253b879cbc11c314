/** Has what is done with one thing wait for what was done with it before. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  async take<T>(id: string, act: () => Promise<T>): Promise<T> {
    const done = (this.#last.get(id) ?? Promise.resolve()).then(act);
    const over = done.then(nothing, nothing);
    this.#last.set(id, over);
    void over.then(() => this.#last.get(id) === over && this.#last.delete(id));
    return done;
  }
}

const nothing = (): void => undefined; // whoever took the turn hears how it went
