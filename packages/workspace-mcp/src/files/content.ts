import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { FileError } from './file-error.ts';
import { newName } from './leftovers.ts';
import { inFolder, type Place } from './place.ts';

const HEAD_BYTES = 64;

/** What a file held, at one moment. */
export interface Content {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly stat: Stats;
}

export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Reads a plain file; anything else that has its name, such as a pipe or a device, is refused at once.
 *
 * @throws FileError
 */
export function readContent(place: Place, maxBytes: number): Content {
  const { path } = place;
  const { fd, stat } = openPlain(place);
  try {
    if (stat.size > maxBytes) {
      throw new FileError(
        'too_large',
        `${path} has ${stat.size} bytes, and at most ${maxBytes} are read at once`,
        {
          hint: 'Search it with Grep, or take parts of it with Bash.',
        },
      );
    }
    const bytes = readToEnd(fd, stat.size, maxBytes);
    return { bytes, sha256: sha256Of(bytes), stat };
  } finally {
    closeSync(fd);
  }
}

/**
 * Opens a plain file, and reads its first bytes; the caller closes it.
 *
 * @throws FileError
 */
export function openContent(place: Place): { readonly fd: number; readonly head: Buffer } {
  const { fd } = openPlain(place);
  const head = Buffer.alloc(HEAD_BYTES);
  return { fd, head: head.subarray(0, readSync(fd, head, 0, head.length, 0)) };
}

function openPlain({ parent, name, path }: Place): { readonly fd: number; readonly stat: Stats } {
  const fd = openSync(
    inFolder(parent, name),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  );
  try {
    const stat = fstatSync(fd);
    refuseUnlikeFile(stat, path);
    return { fd, stat };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function refuseUnlikeFile(stat: Stats, path: string): void {
  if (stat.isFile()) return;
  const what = stat.isDirectory() ? 'a folder' : 'a pipe, device or socket';
  throw new FileError('not_a_file', `${path} is ${what}`, { hint: 'Use Glob to see what is there.' });
}

const CHUNK = 1024 * 1024;

/** A file may grow while it is read. */
function readToEnd(fd: number, expected: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  let size = Math.max(expected + 1, 1);
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.min(size, CHUNK));
    const read = readSync(fd, chunk, 0, chunk.length, null);
    if (read === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, read));
    length += read;
    size = Math.max(expected - length + 1, 4096);
    if (length > maxBytes)
      throw new FileError('changed_meanwhile', 'the file grew while it was read', { hint: 'Try again.' });
  }
}

const NEW_FILE = 0o666;
const MODE = 0o7777;
const RIGHTS = 0o777;

/**
 * Writes a file as a whole: at any moment, and after any crash, it has its old content or its new one. It keeps its
 * mode; another name of the same file (a hard link) keeps the old content. Gives the mode.
 *
 * @throws FileError `not_a_file`
 */
export function writeContent({ parent, name, path, stat }: Place, bytes: Buffer): number {
  if (stat !== null) refuseUnlikeFile(stat, path);
  const temporary = inFolder(parent, newName(name));
  const fd = openSync(
    temporary,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
    stat === null ? NEW_FILE : 0o600,
  );
  let mode: number;
  try {
    if (stat !== null) fchmodSync(fd, stat.mode & MODE);
    ({ mode } = fstatSync(fd));
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
    fdatasyncSync(fd);
    renameSync(temporary, inFolder(parent, name));
  } catch (error) {
    discard(temporary);
    throw error;
  } finally {
    closeSync(fd);
  }
  syncFolder(parent);
  return mode & RIGHTS;
}

function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // what kept it from being written is what matters
  }
}

/** The name is there after a crash too. */
function syncFolder(parent: number): void {
  const fd = openSync(inFolder(parent, '.'), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
