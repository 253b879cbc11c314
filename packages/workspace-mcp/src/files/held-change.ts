import { FileError } from './file-error.ts';
import type { Begun } from './files.ts';

/** The one change of a kind that was begun, until it is finished or another one begins. */
export class HeldChange<T> {
  #begun: Begun<T> | null = null;

  hold(begun: Begun<T>): object {
    this.discard();
    this.#begun = begun;
    return {};
  }

  /** @throws FileError */
  finish({ path, kept }: { readonly path: string; readonly kept?: string | undefined }): T {
    const begun = this.#begun;
    this.#begun = null;
    if (begun !== null) return begun.finish(kept);
    throw new FileError('changed_meanwhile', `what was begun with ${path} is lost, and nothing was written`, {
      hint: 'Try again.',
    });
  }

  discard(): object {
    this.#begun?.discard();
    this.#begun = null;
    return {};
  }
}
