import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function rootFrom(folder: string): string {
  if (existsSync(join(folder, 'package-lock.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('not inside the repository');
  return rootFrom(parent);
}

/** A file of the repository, wherever this module runs from: its source or its build. */
export function inRepository(...path: readonly string[]): string {
  return join(rootFrom(import.meta.dirname), ...path);
}
