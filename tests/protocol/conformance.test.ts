import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRepository } from '../lab/workspace.ts';
import { serveBin, type ServedBin } from './served-bin.ts';
import { hasRunner, revisions, runSuite } from './suite.ts';

let fixture: ServedBin;

beforeAll(async () => {
  fixture = await serveBin('conformance-fixture');
});

afterAll(() => fixture.close());

test.runIf(hasRunner).each(revisions)('every scored scenario of %s passes', async (revision) => {
  const folder = join(fixture.folder, revision);
  await mkdir(folder);
  const reports = await runSuite({ url: fixture.url, revision, folder });
  const scored = reports.filter((report) => report.scored);
  expect(scored.length).toBe(revision === '2025-11-25' ? 30 : 37);
  expect(scored.filter(({ failures }) => failures.length > 0)).toEqual([]);
  expect(scored.every(({ passed }) => passed > 0)).toBe(true);
});

test.each([
  ['--help', 0],
  ['--hlep', 2],
])('the command says with %s how it is used, and runs nothing', (option, code) => {
  const main = inRepository('tests/dist/protocol/main.js');
  const { status, stdout } = spawnSync(process.execPath, [main, option], { encoding: 'utf8' });
  expect(stdout).toMatch(/^Usage: npm run conformance\n/);
  expect(status).toBe(code);
});
