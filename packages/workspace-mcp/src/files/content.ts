import { hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { FileError } from './file-error.ts';
import { inFolder, type Place } from './place.ts';

const HEAD_BYTES = 64;

/** A plain file that is open, whatever takes its name. */
export interface OpenFile {
  /** Without symlinks. */
  readonly path: string;
  readonly fd: number;
  /** When it was opened. */
  readonly size: number;
}

export const sha256Of = (bytes: Buffer): string => hash('sha256', bytes, 'hex');

/**
 * Reads a plain file as a whole.
 *
 * @throws FileError
 */
export function readContent(place: Place, maxBytes: number): Buffer {
  const file = openContent(place);
  try {
    return contentOf(file, maxBytes);
  } finally {
    closeSync(file.fd);
  }
}

const PART = 256 * 1024;

/** Whether a plain file holds these bytes and no others. @throws FileError */
export function holdsStill(place: Place, bytes: Buffer): boolean {
  const { fd, size } = openContent(place);
  try {
    if (size !== bytes.length) return false;
    // a part at a time, so that no other large piece of memory is taken
    const part = Buffer.allocUnsafe(Math.min(PART, size + 1));
    for (let at = 0; ;) {
      const read = readSync(fd, part);
      if (read === 0) return at === bytes.length;
      // it may grow while it is read
      if (at + read > bytes.length || part.compare(bytes, at, at + read, 0, read) !== 0) return false;
      at += read;
    }
  } finally {
    closeSync(fd);
  }
}

/** The first bytes of a file. */
export function headOf({ fd }: OpenFile): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  return head.subarray(0, readSync(fd, head, 0, head.length, 0));
}

/**
 * Reads a file from where it stands.
 *
 * @throws FileError
 */
export function contentOf({ path, fd, size }: OpenFile, maxBytes: number): Buffer {
  if (size <= maxBytes) return readToEnd(fd, size, maxBytes);
  throw new FileError('too_large', `${path} has ${size} bytes, and at most ${maxBytes} are read at once`, {
    hint: 'Search it with Grep, or take parts of it with Bash.',
  });
}

/**
 * Opens a plain file, which the caller closes; anything else that has its name, such as a pipe or a device, is refused
 * at once.
 *
 * @throws FileError
 */
export function openContent({ parent, name, path }: Place): OpenFile {
  const fd = openSync(
    inFolder(parent, name),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  );
  try {
    const stat = fstatSync(fd);
    refuseUnlikeFile(stat, path);
    return { path, fd, size: stat.size };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** @throws FileError `not_a_file` */
export function refuseUnlikeFile(stat: Stats, path: string): void {
  if (stat.isFile()) return;
  const what = stat.isDirectory() ? 'a folder' : 'a pipe, device or socket';
  throw new FileError('not_a_file', `${path} is ${what}`, { hint: 'Use Glob to see what is there.' });
}

const MORE = 64 * 1024;

/** A file may grow while it is read. */
function readToEnd(fd: number, expected: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.max(expected + 1 - length, length === 0 ? 1 : MORE));
    const read = readSync(fd, chunk, 0, chunk.length, null);
    const part = chunk.subarray(0, read);
    // one that has it all needs no copy
    if (read < chunk.length) return chunks.length === 0 ? part : Buffer.concat([...chunks, part]);
    chunks.push(part);
    length += read;
    if (length > maxBytes)
      throw new FileError('changed_meanwhile', 'the file grew while it was read', { hint: 'Try again.' });
  }
}
