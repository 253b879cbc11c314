import { constants, copyFile, link, mkdir, mkdtemp, realpath } from 'node:fs/promises';
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

/** A copy of zenity under another name, so that it is taken for another application. */
export async function zenityAs({ folder }: Pick<Desktop, 'folder'>, name: string): Promise<string> {
  const own = join(folder, `of-${name}`);
  await mkdir(own);
  await copyFile(await realpath('/usr/bin/zenity'), join(own, name));
  return join(own, name);
}
