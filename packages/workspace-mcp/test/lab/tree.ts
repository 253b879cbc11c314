import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of its own for a test. */
export function makeTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deskhand-tree-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
