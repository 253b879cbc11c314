/**
 * What is not as it is below a mounted folder, for every process inside: a file or folder whose name is there and whose
 * content is not, one that is kept as it is, or one that cannot be moved away, for the sake of what is in it.
 */
export interface Cover {
  /** From the mounted folder, without symlinks. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'kept' | 'pinned';
}

/** Covers as the broker reads them; those of folders come before those of what is in them, and what hides comes last. */
export const coverWords = (covers: readonly Cover[]): string =>
  covers
    .toSorted((one, other) => rank(one) - rank(other))
    .map(({ kind, path }) => `${kind}:${octal(path)}`)
    .join(' ');

const rank = ({ kind, path }: Cover): number =>
  (kind === 'file' || kind === 'folder' ? 1_000_000 : 0) + path.split('/').length;

const octal = (path: string): string =>
  path.replaceAll(/[^A-Za-z0-9/._-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join(''),
  );
