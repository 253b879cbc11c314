import type { Mount } from '@deskhand/sandbox';
import { once } from 'node:events';

/** Brings folders into what runs, all at a time, so that a call waits for those alone that it is about. */
export class Mounting {
  readonly #bring: (mount: Mount) => Promise<void>;
  readonly #coming = new Map<string, Promise<void>>();
  readonly #there = new Set<string>();
  /** Why folders are not there, by their names. */
  readonly failures = new Map<string, unknown>();

  constructor(bring: (mount: Mount) => Promise<void>) {
    this.#bring = bring;
  }

  /** Waits until these are there; one that could not be brought is tried again. */
  async have(mounts: readonly Mount[], signal: AbortSignal): Promise<void> {
    if (this.has(mounts)) return;
    const coming = Promise.all(mounts.map((mount) => this.#come(mount)));
    await Promise.race([coming, once(signal, 'abort')]);
    signal.throwIfAborted();
  }

  has(mounts: readonly Mount[]): boolean {
    return mounts.every(({ name }) => this.#there.has(name));
  }

  #come(mount: Mount): Promise<void> {
    const known = this.#coming.get(mount.name);
    if (known !== undefined) return known;
    const coming = this.#brought(mount);
    this.#coming.set(mount.name, coming);
    return coming;
  }

  async #brought(mount: Mount): Promise<void> {
    const { name } = mount;
    try {
      await this.#bring(mount);
      this.#there.add(name);
      this.failures.delete(name);
    } catch (error) {
      this.#coming.delete(name);
      this.failures.set(name, error);
      throw error;
    }
  }
}
