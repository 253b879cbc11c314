import { Recent } from '@deskhand/server-runtime';
import { changesBetween } from './changes.ts';
import type { Decoded } from './encoding.ts';
import { FileError } from './file-error.ts';

const MAX_KNOWN = 256;
/** Texts that are kept, to say later what changed. */
const MAX_KEPT_BYTES = 512 * 1024;

/** What a file held. */
interface Digest {
  readonly sha256: string;
  readonly size: number;
}

interface Known {
  readonly sha256: string;
  readonly text: string | null;
}

/** What a session read or wrote of files, by their content and not their times. */
export class KnownTexts {
  readonly #known = new Recent<string, Known>(MAX_KNOWN);

  remember(path: string, { sha256, size }: Digest, text: () => string): void {
    this.#known.set(path, { sha256, text: size > MAX_KEPT_BYTES ? null : text() });
  }

  /** Whether it is known, and another one by now. */
  isAnother(path: string, { sha256 }: Pick<Digest, 'sha256'>): boolean {
    const known = this.#known.get(path);
    return known !== undefined && known.sha256 !== sha256;
  }

  /** Whether all of what it holds now was seen. */
  isKnown(path: string, { sha256 }: Pick<Digest, 'sha256'>): boolean {
    return this.#known.get(path)?.sha256 === sha256;
  }

  /** @throws FileError `not_read` or `stale`, with what somebody else changed */
  refuseUnknown(path: string, sha256: string, now: Decoded | null): void {
    const known = this.#known.get(path);
    if (known === undefined) {
      throw new FileError('not_read', `${path} is there, and was not read in this session`, {
        hint: 'Read it first, or change a part of it with Edit.',
      });
    }
    if (known.sha256 === sha256) return;
    const changes = known.text === null || now === null ? '' : `:\n${changesBetween(known.text, now.text)}`;
    throw new FileError('stale', `${path} was changed since it was read${changes}`, {
      hint: 'Read it again, and write what keeps those changes.',
    });
  }
}
