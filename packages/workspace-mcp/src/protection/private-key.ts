import { closeSync, constants, openSync, readSync } from 'node:fs';
import { systemPath } from '../files/byte-names.ts';
import { inFolder } from '../files/place.ts';

const KEY_BYTES = 16 * 1024;
const KEY = 'PRIVATE KEY-----';

/** Whether a file has a private key at its beginning; what cannot be looked at is taken for one. */
export function hasKey(fd: number, name: string): boolean {
  const file = openQuietly(systemPath(inFolder(fd, name)));
  if (file === null) return true;
  try {
    const start = Buffer.alloc(KEY_BYTES);
    return start.subarray(0, readSync(file, start)).includes(KEY);
  } catch {
    // what cannot be looked at is taken for one
    return true;
  } finally {
    closeSync(file);
  }
}

function openQuietly(path: string | Buffer): number | null {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    // what cannot be looked at is taken for a secret
    return null;
  }
}
