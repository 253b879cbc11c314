import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

/** Environment of a dialog program. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const hasDisplay = (env: Environment): boolean =>
  Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);

/** What makes a dialog program show text of any script. */
export function unicodeLocale(env: Environment): Environment {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale) ? {} : { LC_ALL: 'C.UTF-8' };
}

/** Where a program is, by the environment's own PATH. */
export function programIn(env: Environment, name: string): string | undefined {
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not there, or not for us
  }
}
