import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLab, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

let lab: Lab;
let site: Site;

beforeAll(async () => {
  site = await openSite({
    '/': '<title>Home</title><a id="blank" href="/inner" target="_blank">open</a>',
    '/inner': '<title>Inner</title>',
  });
  lab = await openLab();
});

afterAll(async () => {
  await lab.close();
  await site.close();
});

test('a tab that a page opens is told with its id, and the current one stays', async () => {
  const me = lab.client();
  await me.call('navigate', { url: site.origin });
  const opening = await me.call('evaluate', { script: 'document.querySelector("#blank").click()' });
  await expect.poll(() => me.session.tabs()[1]?.url).toBe(`${site.origin}/inner`);
  const { text } = await me.call('tabs');
  expect(text).toContain(`t1 (current) "Home" "${site.origin}/"\nt2 `);
  expect(opening.text + text).toContain(
    'Note: The page in t1 opened a new tab, t2. The current one is still t1.',
  );
  expect((await me.call('evaluate', { tab: 't2', script: 'location.pathname' })).text).toMatch(/"\/inner"$/);
});

test('first calls that come at the same time share one tab, and after it was closed the next opens another', async () => {
  const me = lab.client();
  const { browser } = await lab.shared.get(AbortSignal.timeout(5_000));
  const before = browser.pages().length;
  const titles = await Promise.all([1, 2, 3].map(() => me.call('evaluate', { script: 'document.URL' })));
  expect(titles.map(({ text }) => text.split('> ').at(-1))).toEqual(Array(3).fill('"about:blank"'));
  expect(me.session.tabs().map(({ id }) => id)).toEqual(['t1']);
  expect(browser.pages()).toHaveLength(before + 1);
  await me.call('tabs', { action: 'close', tab: 't1' });
  await me.call('evaluate', { script: '1' });
  expect(me.session.tabs().map(({ id }) => id)).toEqual(['t2']);
});

test('ids are never given again', async () => {
  const me = lab.client();
  await me.call('tabs', { action: 'new' });
  await me.call('tabs', { action: 'new' });
  await me.call('tabs', { action: 'close', tab: 't2' });
  const { text } = await me.call('tabs', { action: 'new' });
  expect(text).toBe('t1 "" "about:blank"\nt3 (current) "" "about:blank"'.replaceAll('""', '"about:blank"'));
  expect((await me.call('tabs', { action: 'select', tab: 't2' })).text).toBe(
    'There is no tab t2. Open are: t1, t3.',
  );
});

test('a session neither sees nor reaches the tabs, the cookies and the dialogs of another', async () => {
  const [me, other] = [lab.client(), lab.client()];
  await other.call('navigate', { url: site.origin });
  await other.call('evaluate', { script: 'document.cookie = "secret=1"; void open("/inner")' });
  await other.call('evaluate', { script: 'confirm("Mine?")' });
  expect((await me.call('tabs')).text).toBe('No tab is open.');
  await me.call('navigate', { url: site.origin });
  expect((await me.call('tabs')).text).toBe(`t1 (current) "Home" "${site.origin}/"`);
  expect((await me.call('evaluate', { script: 'document.cookie' })).text).toMatch(/> ""$/);
  expect((await me.call('handle_dialog', { accept: true })).code).toBe('no_dialog');
  expect((await me.call('tabs', { action: 'close', tab: 't2' })).code).toBe('no_such_tab');
  expect((await other.call('handle_dialog', { accept: true, tab: 't1' })).code).toBe(null);
});

test('the tabs of a session end with it, and those of others stay', async () => {
  const [me, other] = [lab.client(), lab.client()];
  await me.call('navigate', { url: site.origin });
  await other.call('navigate', { url: site.origin });
  const { browser } = await lab.shared.get(AbortSignal.timeout(5_000));
  const before = browser.pages().length;
  await other.session.close();
  await expect.poll(() => browser.pages().length).toBe(before - 1);
  expect((await me.call('evaluate', { script: 'document.title' })).text).toMatch(/"Home"$/);
});

test('calls in different tabs run together, and those in one tab after each other', async () => {
  const me = lab.client();
  await me.call('navigate', { url: site.origin });
  await me.call('tabs', { action: 'new', url: site.origin });
  const order: string[] = [];
  const wait = 'new Promise((resolve) => { window.go = resolve; })';
  const first = me.call('evaluate', { tab: 't1', script: wait }).then(() => order.push('first in t1'));
  const second = me.call('evaluate', { tab: 't1', script: '1' }).then(() => order.push('second in t1'));
  await me.call('evaluate', { tab: 't2', script: '1' });
  order.push('t2');
  const tab = await me.session.tab('t1');
  await tab.page.send('Runtime.evaluate', { expression: 'go()' });
  await Promise.all([first, second]);
  expect(order).toEqual(['t2', 'first in t1', 'second in t1']);
});
