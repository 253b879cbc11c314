import { closeSync, readSync } from 'node:fs';
import { openPlainFile } from './plain-file.ts';

const CHUNK = 1 << 20;
const NEWLINE = 10;

/**
 * Each whole line of a file from a byte on, without its end and whatever the file's size; returns what follows the
 * last line.
 * @throws when it is no plain file or cannot be read
 */
export function* fileLines(path: string, from = 0): Generator<Buffer, Buffer> {
  const fd = openPlainFile(path);
  try {
    let rest = Buffer.alloc(0);
    for (let at = from; ;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const read = readSync(fd, chunk, 0, CHUNK, at);
      if (read === 0) return rest;
      at += read;
      const fresh = chunk.subarray(0, read);
      const bytes = rest.length === 0 ? fresh : Buffer.concat([rest, fresh]);
      rest = bytes.subarray(yield* linesOf(bytes));
    }
  } finally {
    closeSync(fd);
  }
}

/** Returns where the line that has no end yet begins. */
function* linesOf(bytes: Buffer): Generator<Buffer, number> {
  let from = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
    yield bytes.subarray(from, end);
    from = end + 1;
  }
  return from;
}
