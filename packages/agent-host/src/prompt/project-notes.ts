import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = ['AGENTS.md', 'CLAUDE.md'] as const;
const MOST_BYTES = 20_000;

/** What stands in mounted folders for agents, cut to a budget; links are not followed. */
export const projectNotes = (
  mounts: readonly { readonly path: string }[],
): readonly { readonly path: string; readonly text: string }[] =>
  mounts.flatMap(({ path: folder }) => {
    for (const name of NAMES) {
      const path = join(folder, name);
      const text = beginningOfFile(path, MOST_BYTES);
      if (text !== null) return [{ path, text }];
    }
    return [];
  });

/** Null where there is no plain file. */
export function beginningOfFile(path: string, most: number): string | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null; // none, or a link
  }
  try {
    if (!fstatSync(fd).isFile()) return null;
    const bytes = Buffer.alloc(most);
    const length = readSync(fd, bytes, 0, most, 0);
    const text = bytes.toString('utf8', 0, length);
    return length < most ? text : `${text}\n[cut after ${most} bytes]`;
  } finally {
    closeSync(fd);
  }
}
