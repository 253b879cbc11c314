import type { Tab } from '../browser/tab.ts';
import type { ReadOptions } from './branch.ts';
import { deltaOf, type Delta, type Known } from './delta.ts';
import { readView, type View } from './view.ts';

interface ChangesOptions extends ReadOptions {
  readonly known: Known;
}

/** What the model was last told of each tab, so that answers say what is different since. */
export class Looks {
  readonly #last = new WeakMap<Tab, View>();

  /** Reads the whole tab, and remembers it. */
  async look(tab: Tab, options: ReadOptions): Promise<View> {
    const view = await readView(tab.main, {}, options);
    this.#last.set(tab, view);
    return view;
  }

  /** Whether there is something to compare with. */
  hasLooked(tab: Tab): boolean {
    return this.#last.has(tab);
  }

  /**
   * What is different since the last look, which this one takes the place of; `null` when the page is another one,
   * hardly anything is as it was, or there was no look.
   */
  async changes(tab: Tab, { known, ...options }: ChangesOptions): Promise<Delta | null> {
    const before = this.#last.get(tab);
    const after = await this.look(tab, options);
    return before === undefined ? null : deltaOf(before, after, known);
  }
}
