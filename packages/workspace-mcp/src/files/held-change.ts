import { FileError } from './file-error.ts';
import type { Begun } from './files.ts';

/** The one change of a kind that was begun, until it is finished or another one begins. */
export class HeldChange<T> {
  #begun: Begun<T> | null = null;
  #finishing: Promise<unknown> = Promise.resolve();

  hold(begun: Begun<T>): object {
    this.#discard();
    this.#begun = begun;
    return {};
  }

  /** @throws FileError */
  async finish({ path, kept }: { readonly path: string; readonly kept?: string | undefined }): Promise<T> {
    const begun = this.#begun;
    this.#begun = null;
    if (begun !== null) {
      const finished = begun.finish(kept);
      this.#finishing = finished;
      return finished;
    }
    throw new FileError('changed_meanwhile', `what was begun with ${path} is lost, and nothing was written`, {
      hint: 'Try again.',
    });
  }

  /** Nothing of it comes later: what is being finished is by then. */
  async discard(): Promise<object> {
    this.#discard();
    await Promise.allSettled([this.#finishing]);
    return {};
  }

  #discard(): void {
    this.#begun?.discard();
    this.#begun = null;
  }
}
