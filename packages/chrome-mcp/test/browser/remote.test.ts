import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RemoteConnection } from '../../src/cdp/remote-connection.ts';
import { openLab } from '../lab/browser.ts';
import { openPerson, type PersonBrowser } from '../lab/person.ts';
import { startServer } from '../lab/server-process.ts';
import { openSite, type Site } from '../lab/site.ts';

let site: Site;
let person: PersonBrowser;

beforeAll(async () => {
  site = await openSite({ '/': '<title>Home</title>', '/theirs': '<title>Theirs</title>' });
  person = await openPerson(`${site.origin}/theirs`);
});

afterAll(async () => {
  await person.close();
  await site.close();
});

test('a browser that runs is joined by its address; it and its tabs stay when the server ends', async () => {
  const lab = await openLab({ isolated: false, browserUrl: `http://127.0.0.1:${person.port}` });
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
  expect(person.isRunning()).toBe(true);
  const again = await openLab({ isolated: false, browserUrl: `http://127.0.0.1:${person.port}` });
  const other = again.client();
  expect((await other.call('tabs')).text).toContain(`t1 (free) "Theirs" "${site.origin}/theirs"`);
  await again.close();
});

test('a session ends in time when the browser answers no longer, however much garbage is collected', async () => {
  setFlagsFromString('--expose-gc');
  const lab = await openLab({ isolated: false, browserUrl: `http://127.0.0.1:${person.port}` });
  const me = lab.client();
  await me.call('navigate', { url: site.origin });
  person.hold(true);
  onTestFinished(() => person.hold(false));
  const collecting = setInterval(() => void runInNewContext('gc()'), 20);
  onTestFinished(() => clearInterval(collecting));
  await me.session.close();
  await lab.close();
});

test('of a browser with many tabs those of the person are listed, and none is attached to until it is used', async () => {
  const { port, path } = person;
  const connection = await RemoteConnection.to(`ws://127.0.0.1:${port}${path}`);
  const { browser } = connection;
  const url = `${site.origin}/theirs`;
  const open = () => browser.send('Target.createTarget', { url, background: true });
  await Promise.all(Array.from({ length: 30 }, open));
  const lab = await openLab({ isolated: false, browserUrl: `http://127.0.0.1:${port}` });
  const me = lab.client();
  const listed = async () => (await me.call('tabs')).text.split(' (free) "Theirs"').length;
  await expect.poll(listed, { timeout: 60_000 }).toBe(32);
  const attached = async () =>
    (await browser.send('Target.getTargets', {})).targetInfos.filter(
      (info) => info.type === 'page' && info.attached,
    ).length;
  expect(await attached()).toBe(0);
  await me.call('tabs', { action: 'select', tab: 't7' });
  expect((await me.call('evaluate', { script: 'document.title' })).text).toMatch(/> "Theirs"$/);
  expect(await attached()).toBe(1);
  await lab.close();
  connection.close();
});

test('it is joined by the address of its socket too', async () => {
  const lab = await openLab({ isolated: false, browserUrl: `ws://127.0.0.1:${person.port}${person.path}` });
  expect((await lab.client().call('tabs')).text).toContain('"Theirs"');
  await lab.close();
});

test('an address where no browser answers is an error that says how to start one', async () => {
  const lab = await openLab({ isolated: false, browserUrl: site.origin });
  const { code, text } = await lab.client().call('navigate', { url: site.origin });
  expect(code).toBe('browser_unavailable');
  expect(text).toContain(`No browser answers at ${site.origin}. Start it with --remote-debugging-port=9222`);
  await lab.close();
});

test('the built server joins one as well', async () => {
  const home = await mkdtemp(join(tmpdir(), 'deskhand-join-'));
  const server = await startServer(home, ['--browser-url', `http://127.0.0.1:${person.port}`]);
  expect(await server.call('navigate', { url: site.origin })).toMatch(/^t1 shows .* "Home"/);
  await server.end();
  const open = async (): Promise<string> => (await fetch(`http://127.0.0.1:${person.port}/json/list`)).text();
  await expect.poll(open).not.toContain('"Home"');
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});
