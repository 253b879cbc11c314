import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findBrowser, launch, type LaunchOptions } from '../../src/browser/launch.ts';
import { QUIET } from '../lab/browser.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'deskhand-chrome-'));
});

afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

const start = (options: Partial<LaunchOptions> = {}) =>
  launch(
    {
      ...{ executable: undefined, headless: true, isolated: false, args: QUIET, home, env: process.env },
      ...options,
    },
    AbortSignal.timeout(30_000),
  );

const temporary = async () => readdir(join(home, 'chrome', 'isolated')).catch(() => []);

test('a temporary profile is there while its browser is, and not after', async () => {
  const { connection, close } = await start({ isolated: true });
  expect(await temporary()).toHaveLength(1);
  await close();
  expect(connection.closed.aborted).toBe(true);
  expect(await temporary()).toEqual([]);
});

test('the kept profile stays, and a second browser that wants it gets a temporary one and says so', async () => {
  const first = await start();
  const second = await start();
  expect([first.note, second.note]).toEqual([
    null,
    'Another browser has the kept profile, so this one has a temporary profile without earlier logins.',
  ]);
  await second.close();
  await first.close();
  expect(await temporary()).toEqual([]);
  const third = await start();
  expect(third.note).toBe(null);
  await third.close();
});

test('a folder that is named has the profile, and it stays', async () => {
  const userDataDir = join(home, 'mine');
  const { close } = await start({ userDataDir });
  await close();
  expect(await readdir(userDataDir)).toContain('Default');
  expect(await readdir(home)).toEqual(['mine']);
});

test('a build that is not installed is not replaced by another one', async () => {
  const env = { PATH: process.env['PATH'], HOME: home };
  await expect(findBrowser({ executable: undefined, channel: 'canary', env })).rejects.toMatchObject({
    message: 'Google Chrome Canary is not installed where it usually is',
  });
  expect(await findBrowser({ executable: undefined, env })).toMatch(/chrom/);
});

test('a start deletes temporary profiles whose owners are no more, and no other', async () => {
  const folder = join(home, 'chrome', 'isolated');
  // no process has this number, and init did not begin at this time
  for (const name of ['4194305-1-aaaa', '1-999999999999-bbbb'])
    await mkdir(join(folder, name), { recursive: true });
  const other = await start({ isolated: true });
  const mine = await temporary();
  const { close } = await start();
  expect(await temporary()).toEqual(mine);
  expect(mine).toHaveLength(1);
  await close();
  await other.close();
});

test('a program that is no browser, or not there, is an error that says what mends it', async () => {
  await expect(start({ executable: '/nowhere' })).rejects.toMatchObject({
    name: 'BrowserUnavailable',
    message: '/nowhere cannot be run',
    hint: 'Name the program of the browser with --executable PATH.',
  });
  await expect(start({ executable: '/bin/false', isolated: true })).rejects.toMatchObject({
    name: 'BrowserUnavailable',
    message: '/bin/false did not start',
  });
  expect(await temporary()).toEqual([]);
});
