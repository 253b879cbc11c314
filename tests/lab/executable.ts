import { constants, copyFile, link, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

import type { Desktop } from './desktop.ts';

/**
 * Node itself under another name and path, so that what it runs is taken for another application. Each desktop
 * links a copy of its own: a link changes what the file system says of a file, for everybody who uses it.
 */
export async function asExecutable(desktop: Desktop, name: string): Promise<string> {
  const original = join(desktop.folder, 'node');
  await copyFile(process.execPath, original, constants.COPYFILE_EXCL).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  const path = join(await mkdtemp(join(desktop.folder, 'bin-')), name);
  await link(original, path);
  return path;
}
