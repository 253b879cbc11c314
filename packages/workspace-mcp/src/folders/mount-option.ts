import type { Mount } from '@deskhand/sandbox';
import { ConfigError } from '@deskhand/server-runtime';
import { realpathSync, statSync } from 'node:fs';
import { refusalOf } from './refusal.ts';

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
  const refusal = refusalOf(folder, home);
  if (refusal !== null) throw new ConfigError('--mount', refusal);
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
