import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

test('the example of the README is answered without a display, and ends', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const example = /## In a program\n\n```js\n(.*?)```/su.exec(readme)?.[1] ?? '';
  const home = mkdtempSync(join(tmpdir(), 'deskhand-library-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', example], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, DESKHAND_HOME: home },
    encoding: 'utf8',
  });
  expect({ status, stderr, stdout }).toEqual({
    status: 0,
    stderr: '',
    stdout: 'No applications are granted. Ask with request_access.\n',
  });
  expect(readdirSync(join(home, 'ledger')).length).toBeGreaterThan(0);
});
