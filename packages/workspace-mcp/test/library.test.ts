import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTree } from './lab/tree.ts';

const ROOT = join(import.meta.dirname, '..');

test('the example of the README finds a file and leaves nothing running', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const example = /## In a program\n\n```js\n(.*?)```/su.exec(readme)?.[1] ?? '';
  const folder = makeTree();
  const home = join(folder, 'state');
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(join(folder, 'inbox'));
  writeFileSync(join(folder, 'inbox', 'may.csv'), '1,2\n');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', example], {
    cwd: ROOT,
    env: { ...process.env, DESKHAND_HOME: home, INBOX: join(folder, 'inbox') },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('> inbox/may.csv');
  expect(readdirSync(join(home, 'ledger')).length).toBeGreaterThan(0);
});
