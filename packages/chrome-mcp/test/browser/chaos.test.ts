import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { browsersOf, FLAGS, nothingLeft, startServer } from '../lab/server-process.ts';
import { openSite, type Site } from '../lab/site.ts';

/** CHAOS_ROUNDS has each of them done more often. */
const ROUNDS = Number(process.env['CHAOS_ROUNDS'] ?? 2);

let site: Site;
let home: string;

beforeAll(async () => {
  site = await openSite({ '/': '<title>Home</title>' });
  home = await mkdtemp(join(tmpdir(), 'deskhand-chaos-'));
});

afterAll(async () => {
  await site.close();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

async function serve() {
  const server = await startServer(home, [...FLAGS, '--allow-origin', site.origin]);
  // what fails leaves nothing for those after it to find
  onTestFinished(() => void server.child.kill('SIGKILL'));
  return server;
}

const browsers = () => browsersOf(home);

const rounds = Array.from({ length: ROUNDS }, (_, round) => round + 1);

const shows = new RegExp('^t\\d+ shows .*, title "Home"');

test.each(rounds)('a server that is killed leaves no process and no folder (%i)', async () => {
  const server = await serve();
  expect(await server.call('navigate', { url: site.origin })).toMatch(shows);
  expect((await browsers()).length).toBeGreaterThan(1);
  const ended = once(server.child, 'exit');
  server.child.kill('SIGKILL');
  await ended;
  await nothingLeft(home);
});

test.each(rounds)('a browser that is killed leaves nothing, and the next call starts one (%i)', async () => {
  const server = await serve();
  await server.call('navigate', { url: site.origin });
  const browser = (await browsers()).find(({ kind }) => kind === 'browser');
  process.kill(browser?.pid ?? 0, 'SIGKILL');
  const again = await server.call('navigate', { url: site.origin });
  expect(again).toMatch(/^(t\d+ shows|error: (The tab is gone|The call was cut off))/);
  expect(await server.call('navigate', { url: site.origin })).toMatch(shows);
  await server.end();
  await nothingLeft(home);
});

test.each(rounds)('a page whose process is killed says so, and comes back (%i)', async () => {
  const server = await serve();
  await server.call('navigate', { url: site.origin });
  const waiting = server.call('evaluate', { script: 'new Promise(() => {})' });
  await vi.waitFor(async () => expect(await browsers()).not.toEqual([]), { timeout: 20_000 });
  for (const { pid, kind } of await browsers()) if (kind === 'renderer') process.kill(pid, 'SIGKILL');
  expect(await waiting).toMatch(/^error: The page crashed/);
  expect(await server.call('navigate', { action: 'reload' })).toMatch(shows);
  await server.end();
  await nothingLeft(home);
});
