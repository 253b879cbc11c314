import { closeSync, fstatSync, readSync } from 'node:fs';
import { isMissing, openPlainFile } from './plain-file.ts';

const CHUNK = 1 << 16;
const NEWLINE = 10;

/** Byte at which the last `count` whole lines of a file begin, read from its end; 0 when there are not so many. */
export function startOfLast(path: string, count: number): number {
  const fd = openFile(path);
  if (fd === undefined) return 0;
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let ends = 0;
    for (let end = fstatSync(fd).size; end > 0;) {
      const start = Math.max(0, end - CHUNK);
      const read = readSync(fd, chunk, 0, end - start, start);
      for (let at = read - 1; at >= 0; at--)
        if (chunk[at] === NEWLINE && ends++ === count) return start + at + 1;
      end = start;
    }
    return 0;
  } finally {
    closeSync(fd);
  }
}

function openFile(path: string): number | undefined {
  try {
    return openPlainFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
