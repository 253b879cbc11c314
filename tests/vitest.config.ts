import { defineConfig } from 'vitest/config';

/** What counts time or plays a person has the machine for itself. */
const ALONE = ['effect', 'takeover', 'dragging', 'holding', 'matrix', 'screen-lock', 'terminals'].map(
  (name) => `desktop/${name}.test.ts`,
);

/** What counts no time at all, and waits or computes on one core. */
const ABREAST = [
  ...['browser', 'demo', 'fuzz-kill', 'fuzz-race', 'fuzz-rpc', 'packages', 'protocol', 'real-work'].map(
    (folder) => `${folder}/**/*.test.ts`,
  ),
];

export default defineConfig({
  test: {
    // a slow machine takes several times as long as a fast one, which takes half a minute over the longest
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    // what is built is loaded as it is, not read and written anew for each file of tests
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['**/*.test.ts'],
          exclude: ['dist/**', '**/node_modules/**', ...ABREAST, ...ALONE],
          // each file has a desktop of its own, and most of them wait for it most of the time
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'abreast',
          include: ABREAST,
          exclude: ['dist/**', '**/node_modules/**'],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE, fileParallelism: false } },
    ],
  },
});
