import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expandHome } from './expand-home.ts';
import { Refusal, type CliContext } from './outcome.ts';

/** The executable that a path or a command of `PATH` means, with links resolved. @throws Refusal */
export function findProgram(name: string, context: CliContext): string {
  const candidates = isPath(name) ? [resolve(context.cwd, expandHome(name, context))] : inPath(name, context);
  const found = candidates.find(isExecutable);
  if (found !== undefined) return realpathSync(found);
  throw new Refusal(
    `${JSON.stringify(name)} is no program of this computer`,
    'Give the path of its executable, or a command that your shell finds.',
  );
}

/** Whether the kernel would run another program to interpret it. */
export function isScript(path: string): boolean {
  const start = Buffer.alloc(2);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, start);
  } finally {
    closeSync(fd);
  }
  return start.toString('latin1') === '#!';
}

const isPath = (name: string): boolean => /[\\/]/.test(name);

function inPath(name: string, { env, platform }: CliContext): readonly string[] {
  const folders = (env['PATH'] ?? '')
    .split(platform === 'win32' ? ';' : ':')
    .filter((folder) => folder !== '');
  const endings = platform === 'win32' ? ['', '.exe'] : [''];
  return folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not there, or not for us
  }
}
