import type { Message } from './message.ts';

/** A message, and each time that it came again. */
export interface Entry extends Message {
  readonly id: number;
  readonly tab: string;
  /** How often it came. */
  count: number;
  /** Position of its last coming among all that happened. */
  at: number;
}

/** Another page was opened. */
export interface Turn {
  readonly tab: string;
  readonly url: string;
  readonly at: number;
}

const MOST_ENTRIES = 1_000;
const MOST_TURNS = 50;

/** What was said in the tabs of a session: the last thousand different messages, repeats counted. */
export class MessageLog {
  readonly #entries = new Map<string, Entry>();
  readonly #turns: Turn[] = [];
  #at = 0;
  #lastId = 0;

  /** Where it has got to. */
  get mark(): number {
    return this.#at;
  }

  add(tab: string, message: Message): void {
    this.#at += 1;
    const { level, text, place } = message;
    const key = JSON.stringify([tab, this.lastTurn(tab)?.at, level, text, place]);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.count += 1;
      known.at = this.#at;
      return;
    }
    this.#lastId += 1;
    this.#entries.set(key, { ...message, id: this.#lastId, tab, count: 1, at: this.#at });
    if (this.#entries.size <= MOST_ENTRIES) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }

  turned(tab: string, url: string): void {
    this.#at += 1;
    this.#turns.push({ tab, url, at: this.#at });
    if (this.#turns.length > MOST_TURNS) this.#turns.shift();
  }

  /** Newest first. */
  entries(tab: string, since: number): readonly Entry[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.tab === tab && entry.at > since)
      .sort((a, b) => b.at - a.at);
  }

  /** When the page of now was opened. */
  lastTurn(tab: string): Turn | null {
    return this.#turns.findLast((turn) => turn.tab === tab) ?? null;
  }

  entry(id: number): Entry | null {
    return [...this.#entries.values()].find((entry) => entry.id === id) ?? null;
  }
}
