import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The tests of all packages; a machine that is slow or busy takes long over each process. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: join(import.meta.dirname, 'scripts', 'bundled-fixtures.ts'),
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 15_000 } },
    // modules keep no state, so files need no process each
    isolate: false,
    // most files wait for processes most of the time
    maxWorkers: '100%',
    // what is built is loaded as it is, not read and written anew for each file of tests
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
  },
});
