import { Recent } from '@deskhand/server-runtime';
import { createHash } from 'node:crypto';

/** Pictures whose names are still known; the oldest are forgotten first. */
const MAX_KNOWN = 256;

/**
 * Names pictures by what they show: the same pixels have the same name, and no other picture ever gets it. Only
 * digests are kept.
 */
export class PictureIds {
  readonly #ids = new Recent<string, string>(MAX_KNOWN);
  #last = 0;

  /** `basis` is what the pixels mean besides what they show, such as their frame. */
  idOf(pixels: Uint8Array, basis: string): string {
    const key = createHash('sha256').update(`${basis}\n`).update(pixels).digest('base64');
    const id = this.#ids.get(key) ?? `p${(this.#last += 1)}`;
    this.#ids.set(key, id);
    return id;
  }
}
