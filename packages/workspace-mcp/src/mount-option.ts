import type { Mount } from '@deskhand/sandbox';
import { ConfigError } from '@deskhand/server-runtime';
import { realpathSync, statSync } from 'node:fs';
import { relative } from 'node:path';

/** Never an agent's, whoever says so: with them it could take any right. */
const SYSTEM = [
  '/',
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/proc',
  '/root',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
  '/var',
];

const SHAPE = /^(?<name>[^=/]+)=(?<path>.+?)(?<access>:ro|:rw)?$/u;

/**
 * Folders of the command line.
 *
 * @param home - the state folder, which no mount may have or be in
 * @throws ConfigError
 */
export function mountsOf(options: readonly string[], home: string): readonly Mount[] {
  const mounts = options.map((option) => mountOf(option, realpathSync(home)));
  const twice = mounts.find(({ name }, index) => mounts.findIndex((mount) => mount.name === name) !== index);
  if (twice !== undefined) throw new ConfigError('--mount', `two folders are to be ${twice.name}`);
  return mounts;
}

function mountOf(option: string, home: string): Mount {
  const { name, path, access } = SHAPE.exec(option)?.groups ?? {};
  if (name === undefined || path === undefined) {
    throw new ConfigError('--mount', `${JSON.stringify(option)} is not NAME=PATH or NAME=PATH:ro`);
  }
  const folder = folderAt(path);
  if (SYSTEM.includes(folder))
    throw new ConfigError('--mount', `${folder} is the system's, and never mounted`);
  if (isWithin(home, folder) || isWithin(folder, home)) {
    throw new ConfigError(
      '--mount',
      `${folder} has the grants and the record in ${home}, and is never mounted`,
    );
  }
  return { name, folder, access: access === ':ro' ? 'ro' : 'rw' };
}

function folderAt(path: string): string {
  try {
    const folder = realpathSync(path);
    if (statSync(folder).isDirectory()) return folder;
  } catch {
    // said below, for whatever reason it is
  }
  throw new ConfigError('--mount', `there is no folder ${path}`);
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith('../'));
}
