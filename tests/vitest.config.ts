import { defineConfig } from 'vitest/config';

/** What counts processor time, races a program against another one or plays a person has the machine for itself. */
const ALONE = ['desktop/effect.test.ts', 'desktop/takeover.test.ts', 'fuzz-race/**/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['**/*.test.ts'],
          exclude: ['dist/**', '**/node_modules/**', ...ALONE],
          // each file has a desktop of its own, and most of them wait for it most of the time
          maxWorkers: 2,
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE, fileParallelism: false } },
    ],
  },
});
