import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyLedgerText } from '../src/index.ts';
import { endlessWriter } from './endless-writer.ts';
import { temporaryFolder } from './fixture.ts';

function onlyFileOf(folder: string): string {
  const [name = '', ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  return readFileSync(join(folder, name), 'utf8');
}

describe('a ledger whose process is killed', () => {
  test('verifies up to the last whole row, each time', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 12; round++) {
      const folder = temporaryFolder();
      const child = spawn(process.execPath, [...endlessWriter, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const closed = once(child, 'close');
      // Killed after 64, 128, 192 ... rows, while the next ones are being written.
      let said = '';
      for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
        said += String(chunk);
        if (said.split('\n').length > round + 1) break;
      }
      child.kill('SIGKILL');
      await closed;
      const verdict = verifyLedgerText(onlyFileOf(folder));
      expect(verdict.broken).toBeUndefined();
      expect(verdict.rows).toBeGreaterThanOrEqual(64 * (round + 1));
    }
  });
});

describe('a ledger whose disk is full', () => {
  test.runIf(process.platform === 'linux')('says so, and keeps whole rows only', () => {
    const folder = temporaryFolder();
    const limit = ['-c', 'ulimit -S -f 8; exec "$@"', 'sh', process.execPath];
    const limited = spawnSync('sh', [...limit, ...endlessWriter, folder], { encoding: 'utf8' });
    expect(limited.stderr).toContain('cannot be written');
    const verdict = verifyLedgerText(onlyFileOf(folder));
    expect(verdict.rows).toBeGreaterThan(5);
    expect(verdict.broken).toBeUndefined();
    expect(verdict.tornLine).toBeUndefined();
  });
});
