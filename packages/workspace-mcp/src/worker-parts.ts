import type { Shown } from '@deskhand/sandbox';
import { existsSync } from 'node:fs';

/** Where the process that touches files is, inside. */
export const WORKER_PROGRAM = '/run/deskhand/worker.js';
/** The program itself, and what was made of it when it was built. */
const KINDS = ['.js', '.cjs', '.cjs.cache'];

/** That program, with the files beside it that it is started from. */
export function workerParts(program: string): readonly Shown[] {
  const as = (path: string, kind: string): string => path.replace(/\.js$/, kind);
  return KINDS.map((kind) => ({ source: as(program, kind), at: as(WORKER_PROGRAM, kind) })).filter(
    ({ source }) => existsSync(source),
  );
}
