import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { nameOf, systemPath } from '../files/byte-names.ts';

/** A file that a command is about to run, and when it was changed, in milliseconds since the epoch. */
export type ScriptFile =
  | { readonly kind: 'none' | 'program' | 'unreadable'; readonly changedAt: number }
  | { readonly kind: 'text'; readonly text: string; readonly changedAt: number };

const MOST_BYTES = 64 * 1024;

/** Reads it without waiting for whatever it may be. */
export function scriptAt(path: string): ScriptFile {
  let fd: number;
  try {
    fd = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { kind: isMissing ? 'none' : 'unreadable', changedAt: 0 };
  }
  try {
    return contentOf(fd);
  } finally {
    closeSync(fd);
  }
}

function contentOf(fd: number): ScriptFile {
  const stat = fstatSync(fd);
  const changedAt = stat.ctimeMs;
  if (!stat.isFile()) return { kind: 'unreadable', changedAt };
  const bytes = Buffer.alloc(MOST_BYTES + 1);
  const content = bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
  // what was compiled is a program, as those of the system are
  if (content.subarray(0, 4).equals(Buffer.from('\u007fELF', 'latin1')))
    return { kind: 'program', changedAt };
  if (content.length > MOST_BYTES || content.includes(0)) return { kind: 'unreadable', changedAt };
  return { kind: 'text', text: nameOf(content), changedAt };
}
