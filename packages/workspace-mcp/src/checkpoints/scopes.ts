import type { Mount } from '@deskhand/sandbox';
import { posix } from 'node:path';
import { shownName } from '../files/byte-names.ts';

/** A path of a mounted folder, from that folder. */
export interface Part {
  readonly folder: string;
  readonly path: string;
}

export interface Mounted {
  readonly session: string;
  readonly mounts: () => readonly Mount[];
}

/** Which parts of which folders paths mean; those inside of others are not said twice. */
export function scopesOf({ session, mounts }: Mounted, paths: readonly string[] | 'all'): readonly Part[] {
  const writable = mounts().filter(({ access }) => access === 'rw');
  if (paths === 'all') return withoutInner(writable.map(({ folder }) => ({ folder, path: '.' })));
  const root = `/sessions/${session}/mnt`;
  const parts = paths.flatMap((path) => {
    const [name = '', ...rest] = posix.relative(root, posix.normalize(path)).split('/');
    if (name === '') return writable.map(({ folder }) => ({ folder, path: '.' }));
    const mount = writable.find((one) => one.name === name);
    return mount === undefined ? [] : { folder: mount.folder, path: rest.filter(Boolean).join('/') || '.' };
  });
  return withoutInner(parts);
}

export function withoutInner(parts: readonly Part[]): readonly Part[] {
  const once = [...new Map(parts.map((part) => [`${part.folder}\0${part.path}`, part])).values()];
  return once.filter((part) => !once.some((other) => other !== part && isInside(part, other)));
}

export const isInside = (part: Part, other: Part): boolean =>
  part.folder === other.folder &&
  (other.path === '.' || part.path === other.path || part.path.startsWith(`${other.path}/`));

/** As tools name it; `null` when its folder is mounted no more. */
export function shownPath({ session, mounts }: Mounted, { folder, path }: Part): string | null {
  const mount = mounts().find((one) => one.folder === folder);
  return mount === undefined ? null : posix.join(`/sessions/${session}/mnt`, mount.name, shownName(path));
}
