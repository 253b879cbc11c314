import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';

export const origin = { run: 'run-1', session: 'session-1', actor: 'agent', surface: 'desktop' } as const;

/** A folder of the test's own, removed when it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'run-ledger-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Absolute paths of the ledger files in a folder, oldest first. */
export const ledgerFiles = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /^\d/.test(name))
    .sort()
    .map((name) => join(folder, name));

/** Numbers from 0 up to 1, always the same ones for a seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Matches any text with this part. */
export const containing = (part: string): unknown => expect.stringContaining(part);
