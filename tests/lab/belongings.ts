export interface Closable {
  close(): Promise<void>;
}

/** Things that are closed together, the last one first; closing twice does nothing. */
export class Belongings implements Closable {
  readonly #owned: Closable[] = [];

  own<T extends Closable>(thing: T): T {
    this.#owned.push(thing);
    return thing;
  }

  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let thing = this.#owned.pop(); thing; thing = this.#owned.pop()) {
      await thing.close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'something could not be closed');
  }

  /** Runs `start`; when it throws, closes what it owned so far and passes the error on. */
  async orClose<T>(start: () => Promise<T>): Promise<T> {
    try {
      return await start();
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}
