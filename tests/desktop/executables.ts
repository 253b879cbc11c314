import { copyFile, link, mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

import type { Desktop } from '../lab/desktop.ts';

/**
 * Copies of node under other names, so that what they run is taken for other applications. They are links to one
 * copy of this desktop's own: a link elsewhere would touch the file that was approved.
 */
export async function makeExecutables<const Name extends string>(
  desktop: Desktop,
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const folder = await mkdtemp(join(desktop.folder, 'apps-'));
  const original = join(folder, 'original');
  await copyFile(process.execPath, original);
  const paths: Partial<Record<Name, string>> = {};
  for (const name of names) {
    await mkdir(join(folder, `of-${name}`));
    paths[name] = join(folder, `of-${name}`, name);
    await link(original, paths[name]);
  }
  if (!isComplete(paths, names)) throw new Error('an executable is missing');
  return paths;
}

const isComplete = <Name extends string>(
  paths: Partial<Record<Name, string>>,
  names: readonly Name[],
): paths is Record<Name, string> => names.every((name) => paths[name] !== undefined);
