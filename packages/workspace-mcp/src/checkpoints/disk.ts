import { execFile } from 'node:child_process';
import { closeSync, constants, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { isSystemError } from '../files/system-error.ts';

/** Has the disk hold several files, which takes it hardly longer than one; what is not needed any more may be gone. */
export async function flushEach(paths: readonly string[]): Promise<void> {
  await Promise.all(
    paths.map(async (path) => {
      const file = openThere(path);
      if (file === null) return;
      try {
        // this alone takes long, so it alone waits for another thread
        await datasync(file);
      } finally {
        closeSync(file);
      }
    }),
  );
}

/** `null` when another process removed it just now. */
export function openThere(path: string): number | null {
  try {
    return openSync(path, constants.O_RDONLY);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

const datasync = promisify(fdatasync);
const run = promisify(execFile);

/** Has the disk hold all that was written to the file system of a folder. */
export async function flushAll(folder: string): Promise<void> {
  await run('sync', ['--file-system', folder]);
}
