import { accessSync, chmodSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';

/** A file that was built beside the bin; in a bundle for clients that is no folder `dist`. */
export function builtFile(name: string): string {
  const beside = join(import.meta.dirname, name);
  return existsSync(beside) ? beside : join(import.meta.dirname, '../dist', name);
}

/** A program that may be run: what unpacked it may have lost that. */
export function runnable(program: string): string {
  try {
    accessSync(program, constants.X_OK);
  } catch {
    // what cannot be mended is told by the first search
    chmodSync(program, 0o755);
  }
  return program;
}
