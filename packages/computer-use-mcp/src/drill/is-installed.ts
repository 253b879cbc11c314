import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A command of that name is in the search path of `env`. */
export function isInstalled(command: string, env: Readonly<Record<string, string | undefined>>): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false; // not in this folder
    }
  });
}
