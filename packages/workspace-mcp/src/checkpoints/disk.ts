import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isSystemError } from '../files/system-error.ts';

/** Has the disk hold several files, which takes it hardly longer than one; what is not needed any more may be gone. */
export async function flushEach(paths: readonly string[]): Promise<void> {
  await Promise.all(
    paths.map(async (path) => {
      const file = await openThere(path);
      if (file === null) return;
      try {
        await file.datasync();
      } finally {
        await file.close();
      }
    }),
  );
}

async function openThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

const run = promisify(execFile);

/** Has the disk hold all that was written to the file system of a folder. */
export async function flushAll(folder: string): Promise<void> {
  await run('sync', ['--file-system', folder]);
}
