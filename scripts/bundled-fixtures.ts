import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with the bundled servers of the tests: `server.mjs` is `server.js` there. */
    fixtures: string;
  }
}

/** Servers of tests, bundled as ours are: from many files, each of hundreds of starts would take three times as long. */
export const bundling =
  (folder: string, names: readonly string[]) =>
  async (project: TestProject): Promise<() => Promise<void>> => {
    const bundles = await mkdtemp(join(tmpdir(), 'deskhand-fixtures-'));
    const bundled = (name: string): Promise<unknown> => {
      const files = [join(folder, `${name}.mjs`), join(bundles, `${name}.js`)];
      return promisify(execFile)(process.execPath, [BUNDLE, '--bin', ...files, '--cached']);
    };
    for (const name of names) await bundled(name);
    project.provide('fixtures', bundles);
    return () => rm(bundles, { recursive: true, force: true });
  };

const BUNDLE = join(import.meta.dirname, 'bundle.mjs');
