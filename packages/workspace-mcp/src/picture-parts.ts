import type { Shown } from '@deskhand/sandbox';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const AT = '/run/deskhand';
/** Packages that sharp loads. It is in no bundle, for its binaries. */
const MODULES = ['sharp', '@img', 'detect-libc', 'semver'];

/** Where the program that makes pictures smaller is, inside. */
export const PICTURE_PROGRAM = `${AT}/picture.js`;

/** That program, with the modules that it loads. */
export function pictureParts(program: string): readonly Shown[] {
  const entry = createRequire(import.meta.url).resolve('sharp');
  const modules = resolve(entry, '../../..');
  const shown = MODULES.map((name) => ({ source: join(modules, name), at: `${AT}/node_modules/${name}` }));
  return [{ source: program, at: PICTURE_PROGRAM }, ...shown.filter(({ source }) => existsSync(source))];
}
