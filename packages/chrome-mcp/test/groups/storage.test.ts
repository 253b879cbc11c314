import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

let lab: Lab;
let site: Site;
let me: Client;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'deskhand-root-'));
  site = await openSite({
    '/': (response) =>
      response
        .writeHead(200, {
          'content-type': 'text/html',
          'set-cookie': ['theme=dark; Max-Age=1000', 'sid=abcdef; HttpOnly'],
        })
        .end(
          '<title>Storage</title><script>localStorage.setItem("token", "12345"); sessionStorage.setItem("a", "b")</script>',
        ),
    '/read': (response, request) => response.end(request.headers.cookie ?? 'none'),
  });
  lab = await openLab({ roots: [root] });
});

afterAll(async () => {
  await lab.close();
  await site.close();
  await rm(root, { recursive: true, force: true });
});

beforeEach(async () => {
  me = lab.client();
  await me.call('navigate', { url: site.origin });
  await me.call('enable', { groups: ['storage'] });
});

const lines = async (tool: string, input: Record<string, unknown> = {}): Promise<readonly string[]> =>
  (await me.call(tool, input)).text.split('\n').slice(1);

const said = async (script: string): Promise<string> =>
  (await me.call('evaluate', { script })).text.split('\n').slice(1).join('\n');

test('cookies are listed with their values hidden, and shown when asked for', async () => {
  expect(await lines('cookies')).toEqual([
    '"sid" = •••(6) for "127.0.0.1/" (until the browser ends, httpOnly)',
    expect.stringMatching(/^"theme" = •••\(4\) for "127\.0\.0\.1\/" \(until 2\d{3}-/),
  ]);
  expect(await lines('cookies', { name: 'sid', values: true })).toEqual([
    expect.stringContaining('"sid" = "abcdef"'),
  ]);
});

test('cookies are set and deleted, and a bad one is refused', async () => {
  await me.call('cookies', { action: 'set', name: 'new', value: 'x y' });
  expect(await said('fetch("/read").then((r) => r.text())')).toContain('new=x y');
  expect((await me.call('cookies', { action: 'delete', name: 'new' })).text).toBe('Deleted 1 cookies.');
  expect(await said('document.cookie')).toBe('> "theme=dark"');
  const bad = await me.call('cookies', { action: 'set', name: '__Host-a', value: 'b' });
  expect(bad.code).toBe('invalid_arguments');
});

test('local and session storage are read, written and cleared without the page', async () => {
  await said('Storage.prototype.getItem = Storage.prototype.setItem = () => "HIJACKED"');
  expect(await lines('web_storage')).toEqual(['"token" = •••(5)']);
  expect(await lines('web_storage', { area: 'session', values: true })).toEqual(['"a" = "b"']);
  await me.call('web_storage', { action: 'set', key: 'k', value: 'v' });
  expect(await lines('web_storage', { key: 'k', values: true })).toEqual(['"k" = "v"']);
  await me.call('web_storage', { action: 'delete', key: 'token' });
  expect(await said('JSON.stringify({ ...localStorage })')).toBe('> "{\\"k\\":\\"v\\"}"');
  await me.call('web_storage', { action: 'clear' });
  expect(await lines('web_storage')).toEqual([]);
});

test('a saved state is brought back into another session, and its server is not asked for it', async () => {
  const { text } = await me.call('storage_state', { action: 'save', path: 'state.json' });
  expect(text).toBe(`2 cookies and the local storage of 1 origins are in ${join(root, 'state.json')}`);
  const saved = z
    .object({ cookies: z.array(z.looseObject({ name: z.string() })), origins: z.unknown() })
    .parse(JSON.parse(await readFile(join(root, 'state.json'), 'utf8')));
  expect(saved.cookies.find(({ name }) => name === 'sid')).toEqual({
    ...{
      name: 'sid',
      value: 'abcdef',
      domain: '127.0.0.1',
      path: '/',
      expires: -1,
      httpOnly: true,
      secure: false,
    },
  });
  expect(saved.origins).toEqual([{ origin: site.origin, localStorage: [{ name: 'token', value: '12345' }] }]);
  const other = lab.client();
  await other.call('enable', { groups: ['storage'] });
  const back = await other.call('storage_state', { action: 'restore', path: 'state.json' });
  expect(back.text).toBe(
    '2 cookies and the local storage of 1 origins were restored. Reload the page to have it see them.',
  );
  await other.call('navigate', { url: `${site.origin}/read` });
  expect((await other.call('snapshot')).text).toMatch(/sid=abcdef; theme=dark|theme=dark; sid=abcdef/);
  expect((await other.call('web_storage', { values: true })).text).toContain('"token" = "12345"');
  expect(other.session.tabs()).toHaveLength(1);
});

test('a state without a path goes to a file of the session, and what is no state is refused', async () => {
  const { text } = await me.call('storage_state', { action: 'save' });
  expect(text).toContain(lab.home);
  await writeFile(join(root, 'none.json'), '{"cookies": 1}');
  expect((await me.call('storage_state', { action: 'restore', path: 'none.json' })).code).toBe(
    'invalid_state',
  );
  expect((await me.call('storage_state', { action: 'restore', path: '/etc/passwd' })).code).toBe(
    'not_in_roots',
  );
  expect((await me.call('storage_state', { action: 'save', path: 'none.json' })).code).toBe('file_exists');
  expect((await me.call('storage_state', { action: 'save', path: '../away.json' })).code).toBe(
    'not_in_roots',
  );
});
