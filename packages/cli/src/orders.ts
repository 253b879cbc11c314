import type { Order } from '@deskhand/session-daemon';

/** Orders that wait to be done, one after the other. */
export class Orders {
  readonly #waiting: Order[] = [];
  #wake: () => void = () => undefined;
  #isOver = false;

  add(given: Order): void {
    this.#waiting.push(given);
    this.#wake();
  }

  /** No more come. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** Null where none came for so long, or no more come. */
  async take(ms: number): Promise<Order | null> {
    if (this.#waiting.length === 0 && !this.#isOver)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    return this.#waiting.shift() ?? null;
  }
}
