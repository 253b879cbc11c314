import type { Folded, Unseen } from './api.ts';
import { squeezed } from './dom.ts';

/** A thing that is shown, with what is in it. */
export interface Item {
  readonly role: string;
  readonly name: string;
  readonly ref: number | null;
  readonly value?: string;
  readonly states: readonly string[];
  readonly unseen?: Unseen;
  readonly children: readonly Item[];
  readonly isFrame?: true;
  readonly folded?: Folded;
}

const LONGEST_TEXT = 2_000;

const textItem = (name: string, unseen: Unseen | null): Item => ({
  ...{ role: 'text', name, ref: null, states: [], children: [] },
  ...(unseen !== null && { unseen }),
});

/** What an element shows, one after another; words that flow on become one text. */
export class Gathering {
  readonly #items: Item[] = [];
  #words = '';
  #unseen: Unseen | null = null;

  words(words: string, unseen: Unseen | null): void {
    if (unseen !== this.#unseen && words.trim() === '') return;
    if (unseen !== this.#unseen) this.break();
    this.#unseen = unseen;
    this.#words += words;
  }

  /** What comes next stands on a line of its own. */
  break(): void {
    const words = squeezed(this.#words).trim();
    this.#words = '';
    if (words !== '') this.#items.push(textItem(shortened(words), this.#unseen));
  }

  add(...items: readonly Item[]): void {
    if (items.length === 0) return;
    this.break();
    this.#items.push(...items);
  }

  get items(): readonly Item[] {
    this.break();
    return this.#items;
  }
}

const shortened = (words: string): string =>
  words.length <= LONGEST_TEXT ? words : `${words.slice(0, LONGEST_TEXT)}…`;
