import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { findBrowser } from '../../src/browser/launch.ts';
import { openLab, QUIET } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

let site: Site;
let person: ChildProcess;
let profile: string;
let port: string;

beforeAll(async () => {
  site = await openSite({ '/': '<title>Home</title>', '/theirs': '<title>Theirs</title>' });
  profile = await mkdtemp(join(tmpdir(), 'deskhand-person-'));
  const flags = [...QUIET, '--no-sandbox', '--headless=new', '--no-first-run', '--remote-debugging-port=0'];
  const executable = await findBrowser({ executable: undefined, env: process.env });
  person = spawn(executable, [...flags, `--user-data-dir=${profile}`, `${site.origin}/theirs`], {
    stdio: 'ignore',
  });
  const written = () => readFile(join(profile, 'DevToolsActivePort'), 'utf8');
  port = await vi.waitFor(
    async () => /^\d+/.exec(await written())?.[0] ?? Promise.reject(new Error('not yet')),
    30_000,
  );
});

afterAll(async () => {
  const ended = once(person, 'exit');
  person.kill('SIGTERM');
  await ended;
  await site.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
});

test('a browser that runs is joined by its address; it and its tabs stay when the server ends', async () => {
  const lab = await openLab({ isolated: false, browserUrl: `http://127.0.0.1:${port}` });
  const me = lab.client();
  expect((await me.call('navigate', { url: site.origin })).text).toMatch(/^t1 shows .* "Home"/);
  await expect
    .poll(async () => (await me.call('tabs')).text)
    .toContain(
      `t1 (current) "Home" "${site.origin}/"\nt2 (free) "Theirs" "${site.origin}/theirs"\nFree ones belong to no session`,
    );
  await me.call('tabs', { action: 'select', tab: 't2' });
  expect((await me.call('evaluate', { script: 'document.title' })).text).toMatch(/> "Theirs"$/);
  await lab.close();
  expect(person.exitCode).toBe(null);
  const again = await openLab({ isolated: false, browserUrl: `http://127.0.0.1:${port}` });
  const other = again.client();
  await other.session.browser();
  expect((await other.call('tabs')).text).toContain(`t1 (free) "Theirs" "${site.origin}/theirs"`);
  await again.close();
});

test('an address where no browser answers is an error that says how to start one', async () => {
  const lab = await openLab({ isolated: false, browserUrl: site.origin });
  const { code, text } = await lab.client().call('navigate', { url: site.origin });
  expect(code).toBe('browser_unavailable');
  expect(text).toContain(`No browser answers at ${site.origin}. Start it with --remote-debugging-port=9222`);
  await lab.close();
});
