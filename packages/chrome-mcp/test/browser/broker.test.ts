import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { browsersOf, CLI, FLAGS, nothingLeft, startServer } from '../lab/server-process.ts';
import { openSite, type Site } from '../lab/site.ts';

let site: Site;
let home: string;
/** Requests of pages that are open and have no end. */
let held = 0;

beforeAll(async () => {
  site = await openSite({
    '/': '<title>Home</title><script>fetch("/held")</script>',
    '/other': '<title>Other</title>',
    '/held': (response) => {
      held += 1;
      response.on('close', () => (held -= 1));
    },
  });
  home = await mkdtemp(join(tmpdir(), 'deskhand-broker-'));
});

afterAll(async () => {
  await site.close();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

const command = (...args: readonly string[]) =>
  spawnSync(process.execPath, [CLI, ...args], { env: { ...process.env, DESKHAND_HOME: home } }).status;

const attach = () => startServer(home, ['--attach']);

const daemonPid = async (): Promise<number> => {
  const text = await readFile(join(home, 'daemons', 'chrome-mcp.json'), 'utf8');
  return z.object({ pid: z.number() }).parse(JSON.parse(text)).pid;
};

test('clients of one daemon share its browser, not its tabs, and a client that is killed takes its own along', async () => {
  expect(command('daemon', 'start', ...FLAGS, '--allow-origin', site.origin)).toBe(0);
  const [ada, bob] = [await attach(), await attach()];
  await ada.call('navigate', { url: site.origin });
  await bob.call('navigate', { url: `${site.origin}/other` });
  expect((await browsersOf(home)).filter(({ kind }) => kind === 'browser')).toHaveLength(1);
  expect(await ada.call('tabs')).toBe(`t1 (current) "Home" "${site.origin}/"`);
  expect(await bob.call('tabs')).toBe(`t1 (current) "Other" "${site.origin}/other"`);
  await expect.poll(() => held).toBe(1);
  const gone = once(ada.child, 'exit');
  ada.child.kill('SIGKILL');
  await gone;
  await expect.poll(() => held).toBe(0);
  expect(await bob.call('evaluate', { script: 'document.title' })).toMatch(/> "Other"$/);
  await bob.end();
});

test('a daemon that is killed leaves no process and no folder, and the next one starts', async () => {
  const client = await attach();
  expect(await client.call('navigate', { url: site.origin })).toMatch(/^t1 shows/);
  const ended = once(client.child, 'exit');
  process.kill(await daemonPid(), 'SIGKILL');
  await ended;
  await nothingLeft(home);
  expect(command('daemon', 'start', ...FLAGS, '--allow-origin', site.origin)).toBe(0);
  const again = await attach();
  expect(await again.call('navigate', { url: site.origin })).toMatch(/^t1 shows/);
  await again.end();
  expect(command('daemon', 'stop')).toBe(0);
  await nothingLeft(home);
});
