import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Opens for reading without following a link or waiting for a pipe. @throws when it is no plain file */
export function openPlainFile(path: string): number {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new Error(`${path} is not a plain file`);
}

/** @throws when it is no plain file */
export function readPlainFile(path: string): Buffer {
  const fd = openPlainFile(path);
  try {
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
