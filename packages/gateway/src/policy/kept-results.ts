import { createHash } from 'node:crypto';

const MOST_CHARACTERS = 32 * 1024 * 1024;

/** What was too long for an answer, in memory, to be read on; the oldest makes room. */
export class KeptResults {
  readonly #texts = new Map<string, string>();
  #size = 0;

  keep(text: string): string {
    const id = createHash('sha256').update(text).digest('hex').slice(0, 12);
    if (this.#texts.has(id)) return id;
    this.#texts.set(id, text);
    this.#size += text.length;
    for (const [oldest, old] of this.#texts) {
      if (this.#size <= MOST_CHARACTERS) break;
      this.#texts.delete(oldest);
      this.#size -= old.length;
    }
    return id;
  }

  get(id: string): string | undefined {
    return this.#texts.get(id);
  }
}
