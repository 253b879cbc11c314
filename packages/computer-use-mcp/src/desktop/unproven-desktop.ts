import type { Desktop } from './desktop.ts';
import { DesktopUnavailable } from './failure.ts';

/** A desktop of which nothing can be proven: it answers every question with the reason. */
export class UnprovenDesktop implements Desktop {
  readonly displays = null;
  readonly changes = null;
  readonly presence = null;
  readonly control = null;
  readonly obstacles = null;
  readonly clipboard = null;
  readonly #reason: string;
  readonly #hint: string;

  constructor({ reason, hint }: { readonly reason: string; readonly hint: string }) {
    this.#reason = reason;
    this.#hint = hint;
  }

  readonly holding = null;

  readonly screen = (): Promise<never> => this.#refuse();
  readonly windows = (): Promise<never> => this.#refuse();
  readonly frontmost = (): Promise<never> => this.#refuse();
  readonly pointer = (): Promise<never> => this.#refuse();
  readonly activate = (): Promise<never> => this.#refuse();
  readonly capture = (): Promise<never> => this.#refuse();
  readonly point = (): Promise<never> => this.#refuse();
  readonly press = (): Promise<never> => this.#refuse();
  readonly type = (): Promise<never> => this.#refuse();

  async close(): Promise<void> {
    // nothing was opened
  }

  #refuse(): Promise<never> {
    return Promise.reject(new DesktopUnavailable(this.#reason, { hint: this.#hint }));
  }
}
