import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, expect, test } from 'vitest';

import { startProcess } from '../lab/owned-process.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../lab/temporary-folder.ts';
import { inRepository } from '../lab/workspace.ts';

let folder: TemporaryFolder | undefined;
afterEach(() => folder?.close());

async function runDemo(cwd: string, ...args: readonly string[]) {
  const demo = startProcess({
    command: process.execPath,
    args: [inRepository('tests', 'dist', 'demo', 'main.js'), ...args],
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: cwd },
    cwd,
  });
  const { code } = await demo.exited;
  return { code, stdout: demo.stdout(), stderr: demo.stderr() };
}

test('the demo holds every expectation and writes a report that needs nothing else', async () => {
  folder = await makeTemporaryFolder();
  const report = join(folder.path, 'report');
  const { code, stdout, stderr } = await runDemo(folder.path, '--report', report);
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('\u001b');

  const html = await readFile(join(report, 'index.html'), 'utf8');
  expect(html.match(/<img /g)?.length).toBe(12);
  expect(html.match(/(?:src|href)="(?!data:)[^"]*"|url\(|@import/g)).toBeNull();
}, 900_000);

test('the demo refuses an option that it does not have', async () => {
  folder = await makeTemporaryFolder();
  const { code, stdout, stderr } = await runDemo(folder.path, '--fast');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/--fast.*\nTry --help\.\n$/s);
});
