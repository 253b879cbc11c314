import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

let lab: Lab;
let site: Site;
let me: Client;

beforeAll(async () => {
  site = await openSite({
    '/': '<title>Home</title>',
    '/other': '<title>Other</title>',
    '/slow-picture': '<title>Slow</title><img src="/never">',
    '/never': () => undefined,
    '/nothing': (response) => response.writeHead(204).end(),
    '/circle': (response) => response.writeHead(302, { location: '/circle' }).end(),
    '/file': (response) =>
      response
        .writeHead(200, { 'content-disposition': 'attachment; filename="../re port.csv"' })
        .end('a,b\n'),
    '/link': '<title>Link</title><a href="/file">file</a>',
  });
  lab = await openLab({ deadline: 5_000 });
  me = lab.client();
  // a machine that is busy may take longer to open a tab than a call of this lab has
  const isShown = async () => (await me.call('navigate', { url: site.origin })).text.startsWith('t1 shows');
  await vi.waitUntil(isShown, { timeout: 30_000 });
});

afterAll(async () => {
  await lab.close();
  await site.close();
});

test('a port where nothing listens is an error with the words of the network', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  server.close();
  await once(server, 'close');
  const { code, text } = await me.call('navigate', { url: `http://127.0.0.1:${port}/` });
  expect({ code, text }).toEqual({
    code: 'navigation_failed',
    text: `Could not open http://127.0.0.1:${port}/: net::ERR_CONNECTION_REFUSED. Nothing listens there: check the port, or start the server first.`,
  });
});

test.each([
  ['/missing', 'http_error', /^The server answered 404 "Not Found"/],
  ['/circle', 'navigation_failed', /net::ERR_TOO_MANY_REDIRECTS\. The server redirects in circles/],
  ['/nothing', 'navigation_failed', /net::ERR_ABORTED\. The server gave no page/],
  ['/never', 'not_in_time', /whose server did not answer in time\. That was stopped/],
])('%s is an error that says why', async (path, code, text) => {
  const answer = await me.call('navigate', { url: site.origin + path });
  expect(answer.code).toBe(code);
  expect(answer.text).toMatch(text);
});

test('a page whose parts do not come is there, and still loading', async () => {
  const { text } = await me.call('navigate', { url: `${site.origin}/slow-picture` });
  expect(text).toBe(`t1 shows "${site.origin}/slow-picture", status 200, title "Slow". It is still loading.`);
});

test('back, forward and reload go through what was visited', async () => {
  const fresh = lab.client();
  await fresh.call('navigate', { url: site.origin });
  await fresh.call('navigate', { url: `${site.origin}/other` });
  const titleAfter = async (action: string) =>
    (await fresh.call('navigate', { action })).result?.structured?.['title'];
  expect([await titleAfter('back'), await titleAfter('forward'), await titleAfter('reload')]).toEqual([
    'Home',
    'Other',
    'Other',
  ]);
  expect((await fresh.call('navigate', { action: 'forward' })).text).toBe(
    'The tab has no page to go forward to. Open an address with url.',
  );
});

test('a part of the page is an address without a request', async () => {
  await me.call('navigate', { url: site.origin });
  const { text } = await me.call('navigate', { url: `${site.origin}/#part` });
  expect(text).toBe(`t1 shows "${site.origin}/#part", title "Home".`);
});

test.each(['file:///etc/passwd', 'chrome://settings', 'javascript:alert(1)', 'view-source:http://a/'])(
  '%s is not opened',
  async (url) => expect((await me.call('navigate', { url })).code).toBe('url_not_allowed'),
);

test('an address without a scheme is that of a site', async () => {
  const { text } = await me.call('navigate', { url: site.otherOrigin.replace('http://', '') });
  expect(text).toBe(`t1 shows "${site.otherOrigin}/", status 200, title "Home".`);
});

const whole = /Downloaded "_re port\.csv", 4 bytes, to "(\S.*\.csv)"\./;

test('a download says where the file is, under a name that cannot leave its folder', async () => {
  await me.call('navigate', { url: `${site.origin}/other` });
  const answer = await me.call('navigate', { url: `${site.origin}/file` });
  expect(answer.text).toContain(`${site.origin}/file is a download; t1 stays where it was.`);
  const path = whole.exec(answer.text)?.[1] ?? '';
  expect(path.startsWith(`${lab.home}/chrome/downloads/`)).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('a,b\n');
  expect((await me.call('evaluate', { script: 'document.title' })).text).toMatch(/"Other"$/);
});

test('a download that a page starts is told with the next answer', async () => {
  await me.call('navigate', { url: `${site.origin}/link` });
  await me.call('evaluate', { script: 'document.querySelector("a").click()' });
  let text = '';
  await expect.poll(async () => (text += (await me.call('tabs')).text)).toMatch(whole);
});
