import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Closable } from './belongings.ts';

export interface TemporaryFolder extends Closable {
  readonly path: string;
}

/** A new folder that is removed with everything in it. */
export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'deskhand-lab-'));
  return {
    path,
    close: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}
