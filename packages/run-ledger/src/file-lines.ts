import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK = 1 << 20;
const NEWLINE = 10;

/** Each whole line of a file without its end, whatever the file's size; returns how many bytes follow the last line. */
export function* fileLines(path: string): Generator<Buffer, number> {
  const fd = openSync(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    for (let at = 0; ;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const read = readSync(fd, chunk, 0, CHUNK, at);
      if (read === 0) return rest.length;
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
