import { openGrantStore } from '@deskhand/grants';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { openServer, type LabClient, type Person, type ServerLab } from '../lab/server.ts';
import { openSite, type Site } from '../lab/site.ts';

let site: Site;
let server: ServerLab;
let says: ReturnType<Person>;
let client: LabClient;
let number = 0;
beforeAll(async () => {
  site = await openSite({
    '/': '<title>Shop</title>',
    '/away': (response, { headers }) => {
      const port = headers.host?.split(':')[1] ?? '';
      response.writeHead(302, { location: `http://localhost:${port}/` }).end();
    },
    '/script': (response, { headers }) => {
      const port = headers.host?.split(':')[1] ?? '';
      const there = `http://localhost:${port}`;
      response.setHeader('content-type', 'text/html').end(`<title>Script</title><img src="${there}/a.png">
        <script>fetch("${there}/b").catch(() => 0); fetch("${there}/c").catch(() => 0);</script>`);
    },
  });
  server = await openServer({ person: () => says });
});
afterAll(async () => {
  await server.close();
  await site.close();
});
beforeEach(() => {
  says = 'deny';
  number += 1;
  client = server.client(`s${number}`);
  return () => client.leave();
});

const asked = (): readonly string[] => server.questions.slice();

test('a page that asks itself to another origin never has the person asked', async () => {
  says = 'once';
  expect((await client.call('navigate', { url: site.origin })).text).toContain('title "Shop"');
  const before = asked().length;
  const redirected = await client.call('navigate', { url: `${site.origin}/away` });
  expect(redirected.code).toBe('private_origin');
  expect(redirected.text).not.toContain('Note:');
  await client.call('navigate', { url: `${site.origin}/script` });
  const left = await client.call('evaluate', {
    script: `location.href = ${JSON.stringify(`${site.otherOrigin}/left`)}; 1`,
  });
  expect(left.code).toBe(null);
  await expect.poll(async () => (await client.call('tabs')).text).toContain('/left');
  expect(asked().length).toBe(before);
  // the same address, opened by the agent
  expect((await client.call('navigate', { url: site.otherOrigin })).code).toBe(null);
  expect(asked().slice(before)).toEqual([expect.stringContaining(`open pages of ${site.otherOrigin}`)]);
});

test('what a page was refused is told with the next answers, once', async () => {
  says = 'once';
  let told = (await client.call('navigate', { url: `${site.origin}/script` })).text;
  const refused = (): number =>
    [...told.matchAll(/(\d+) requests? to "([^"]+)" w\w+ refused \(private_origin\)/g)]
      .filter(([, , origin]) => origin === site.otherOrigin)
      .reduce((sum, [, times]) => sum + Number(times), 0);
  await expect
    .poll(async () => {
      told += (await client.call('evaluate', { script: '1' })).text;
      return refused();
    })
    .toBe(3);
  expect((await client.call('evaluate', { script: '1' })).text).not.toContain('refused');
});

test('the person is asked before an address is opened in a new tab, and a no keeps it from being opened', async () => {
  const refused = await client.call('tabs', { action: 'new', url: site.origin });
  expect(refused.code).toBe('denied_by_person');
  expect((await client.call('tabs')).text).toBe('No tab is open.');
  // for everybody, for a minute
  expect((await client.call('navigate', { url: `${site.origin}/other` })).code).toBe('denied_recently');
  // another origin is another question, and its yes is for this session
  says = 'once';
  const opened = await client.call('tabs', { action: 'new', url: site.otherOrigin });
  expect(opened.text).toContain('"Shop"');
  const other = server.client('another');
  says = null;
  expect(await other.call('navigate', { url: site.otherOrigin })).toMatchObject({ code: 'nobody_to_ask' });
  await other.leave();
});

test('what the person allows for always is kept, and nobody is asked with --approvals decline', async () => {
  const always = await openServer({ person: () => 'always' });
  const kept = await openServer({ home: always.home, options: { approvals: 'decline' } });
  try {
    expect((await always.client('a').call('navigate', { url: site.origin })).code).toBe(null);
    expect(always.questions.length).toBe(1);
    const other = kept.client('b');
    expect((await other.call('navigate', { url: site.origin })).code).toBe(null);
    expect(await other.call('navigate', { url: site.otherOrigin })).toMatchObject({ code: 'private_origin' });
  } finally {
    await kept.close();
    await always.close();
  }
});

test('a grants file that breaks while the server runs refuses, says so, and works again when it is mended', async () => {
  const store = await openGrantStore({ home: server.home });
  const resource = { kind: 'origin', pattern: site.origin } as const;
  await store.add({ subject: '*', resource, decision: 'allow', scope: 'always', origin: 'person' });
  expect((await client.call('navigate', { url: site.origin })).code).toBe(null);
  const file = join(server.home, 'grants.json');
  const whole = await readFile(file, 'utf8');
  await writeFile(file, whole.slice(0, -20));
  const broken = await client.call('navigate', { url: site.origin });
  expect(broken.code).toBe('grants_unreadable');
  expect(broken.text).toContain('grants.json');
  await writeFile(file, whole);
  expect((await client.call('navigate', { url: site.origin })).code).toBe(null);
  store.close();
});
