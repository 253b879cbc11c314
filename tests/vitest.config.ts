import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
    include: ['**/*.test.ts'],
    exclude: ['dist/**', '**/node_modules/**'],
    // each file has a desktop of its own, whose server, window manager and applications want the machine
    fileParallelism: false,
  },
});
