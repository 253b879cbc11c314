import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

/** In test/fixtures of a package; from many files, each of hundreds of starts would take three times as long. */
const BUNDLED = new Map([
  ['gateway', ['server', 'asker', 'library']],
  ['server-runtime', ['bin', 'server']],
]);
const BUNDLE = join(import.meta.dirname, 'bundle.mjs');

/** Bundles the servers of tests as ours are, and provides their folder. */
export default async function bundled(project: TestProject): Promise<() => Promise<void>> {
  const { root } = project.config;
  const names = BUNDLED.get(basename(root)) ?? [];
  const folder = await mkdtemp(join(tmpdir(), 'deskhand-fixtures-'));
  for (const name of names) {
    const files = [join(root, 'test', 'fixtures', `${name}.mjs`), join(folder, `${name}.js`)];
    await promisify(execFile)(process.execPath, [BUNDLE, '--bin', ...files, '--cached']);
  }
  project.provide('fixtures', folder);
  return () => rm(folder, { recursive: true, force: true });
}

declare module 'vitest' {
  interface ProvidedContext {
    fixtures: string;
  }
}
