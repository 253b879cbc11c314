import { EventEmitter, once } from 'node:events';
import type { Exchange } from './exchange.ts';
import { Refusal } from './refusal.ts';

/** What is going on at the door. */
export class Traffic {
  readonly #ends = new EventEmitter();
  #running = 0;
  #lastActivity = Date.now();
  #isDraining = false;

  /** Milliseconds since the epoch. */
  get lastActivity(): number {
    return this.#lastActivity;
  }

  /** Requests whose client waits for the answer. */
  get running(): number {
    return this.#running;
  }

  touch(): void {
    this.#lastActivity = Date.now();
  }

  /** @throws Refusal 503 while draining. */
  begin({ ended }: Exchange): void {
    if (this.#isDraining) {
      throw new Refusal(503, 'The server is shutting down', { headers: { 'Retry-After': '1' } });
    }
    this.#running += 1;
    void ended.then(() => {
      this.#running -= 1;
      this.end();
    });
  }

  /** Says that a request is over, also one whose client was gone. */
  end(): void {
    this.touch();
    this.#ends.emit('end');
  }

  drain(): void {
    this.#isDraining = true;
  }

  /** Resolves at the end of the next request, or when the signal comes. */
  async nextEnd(signal: AbortSignal): Promise<void> {
    try {
      await once(this.#ends, 'end', { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
