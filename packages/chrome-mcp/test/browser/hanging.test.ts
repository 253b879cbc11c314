import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

let lab: Lab;
let site: Site;
let me: Client;

beforeAll(async () => {
  site = await openSite({
    '/': '<title>Home</title><h1>Hi</h1>',
    '/dialogs':
      '<title>Dialogs</title><script>window.onbeforeunload = (event) => event.preventDefault()</script>',
    '/opens': `<title>Opens</title><button onclick="window.open('').alert('At once')">Open</button>`,
    '/late-alert': '<title>Late</title><script>setTimeout(() => alert("Late"), 300)</script>',
  });
  lab = await openLab({ deadline: 5_000 });
});

beforeEach(async () => {
  me = lab.client();
  // a machine that is busy may take longer to open a tab than a call of this lab has
  const shown = async (): Promise<string> => (await me.call('navigate', { url: site.origin })).text;
  await expect.poll(shown, { timeout: 30_000 }).toMatch(/^t1 shows/);
});

afterAll(async () => {
  await lab.close();
  await site.close();
});

const ask = 'confirm("Really?")';

test('a call that meets a dialog ends with its words, others too, and the answer reaches the page', async () => {
  const asked = await me.call('evaluate', { script: `window.said = ${ask}` });
  const after = await me.call('evaluate', { script: '1' });
  const list = await me.call('tabs');
  const handled = await me.call('handle_dialog', { accept: true });
  const said = await me.call('evaluate', { script: 'said' });
  expect(asked.code).toBe('dialog_open');
  expect(asked.text).toContain('a dialog (confirm) that says "Really?". Answer it with handle_dialog');
  expect(after.code).toBe('dialog_open');
  expect(list.result?.structured).toEqual({
    tabs: [{ id: 't1', url: `${site.origin}/`, title: 'Home', isCurrent: true, state: 'dialog' }],
    total: 1,
  });
  expect(handled.text).toBe('Accepted the confirm "Really?" in t1.');
  expect(said.text).toMatch(/> true$/);
});

test('a prompt takes a text, and no dialog is no dialog', async () => {
  await me.call('evaluate', { script: 'window.said = prompt("Name?", "you")' });
  await me.call('handle_dialog', { accept: true, text: 'Ada' });
  expect((await me.call('evaluate', { script: 'said' })).text).toMatch(/> "Ada"$/);
  expect((await me.call('handle_dialog', { accept: true })).code).toBe('no_dialog');
});

test('a dialog of a popup in the same process is seen, and answered by its tab', async () => {
  await me.call('evaluate', { script: 'void open("/late-alert")' });
  await expect
    .poll(() => me.session.tabs().map(({ id, state }) => [id, state]))
    .toEqual([
      ['t1', 'ready'],
      ['t2', 'dialog'],
    ]);
  const heldUp = await me.call('evaluate', { script: '1' });
  expect(heldUp.code).toBe('dialog_open');
  expect(heldUp.text).toContain('a dialog (alert) in t2, which shares its process, that says "Late"');
  expect((await me.call('handle_dialog', { accept: true })).text).toMatch(
    /^Accepted the alert "Late" in t2\./,
  );
  expect((await me.call('evaluate', { script: 'document.title' })).text).toMatch(/> "Home"$/);
});

test('a window whose first words are a dialog is known with it, and the click that opened it ends', async () => {
  await me.call('navigate', { url: `${site.origin}/opens` });
  const { text } = await me.call('find', { role: 'button' });
  const ref = /\[(\w+)\]/.exec(text)?.[1];
  const title = async (): Promise<string> => (await me.call('evaluate', { script: 'document.title' })).text;
  let told = 0;
  for (let number = 2; told < 3 && number < 30; number++) {
    const clicked = await me.call('click', { ref });
    expect(clicked.code).toBe(null);
    // a window that the browser does not show yet has no dialogs: then nothing was asked, and nothing stands still;
    // a browser that is busy may show it after the click has ended, and the next call says so
    const isTold = clicked.text.includes('The page stands still');
    const { code, text: held } = isTold
      ? { code: null, text: '' }
      : await me.call('evaluate', { script: '1' });
    expect([null, 'dialog_open']).toContain(code);
    if (isTold || code !== null) {
      told += isTold ? 1 : 0;
      expect(isTold ? clicked.text : held).toMatch(
        new RegExp(`a dialog \\(alert\\) in t${number}, which shares its process, that says "At once"`),
      );
      const { text: answer } = await me.call('handle_dialog', { accept: true });
      expect(answer).toBe(`Accepted the alert "At once" in t${number}.`);
    }
    expect(me.session.tabs().map(({ state }) => state)).not.toContain('dialog');
    expect(await title()).toMatch(/> "Opens"$/);
  }
  expect(told).toBe(3);
});

test.each(['pagehide', 'visibilitychange'])(
  'a page that would open a dialog at %s is left all the same',
  async (event) => {
    const script = `for (const on of [window, document]) on.addEventListener('${event}', () => alert('Bye'))`;
    await me.call('evaluate', { script });
    const left = await me.call('navigate', { url: `${site.origin}/dialogs` });
    expect(left.text).toContain('title "Dialogs"');
    expect((await me.call('navigate', { action: 'back' })).text).toContain('title "Home"');
    expect((await me.call('evaluate', { script: 'document.title' })).text).toMatch(/> "Home"$/);
  },
);

test('an alert after a call is said by the next one', async () => {
  await me.call('evaluate', { script: 'void setTimeout(() => alert("Later"), 100)' });
  await expect.poll(() => me.session.tabs()[0]?.state).toBe('dialog');
  expect((await me.call('screenshot')).text).toContain('says "Later"');
});

test('a page that wants to be asked before it is left is left, and the answer says so', async () => {
  await me.call('navigate', { url: `${site.origin}/dialogs` });
  // only a page that somebody used may ask
  await me.call('evaluate', { script: '1' });
  const left = await me.call('navigate', { url: site.origin });
  expect(left.text).toBe(
    `t1 shows "${site.origin}/", status 200, title "Home". The page asked whether to leave; the answer was yes.`,
  );
});

test('a script without end is stopped at the end of its time, while other tabs answer', async () => {
  await me.call('tabs', { action: 'new', url: site.otherOrigin });
  const looping = me.call('evaluate', { tab: 't1', script: 'for (;;);' });
  const other = await me.call('evaluate', { tab: 't2', script: '1' });
  expect(other.code).toBe(null);
  const { code, text } = await looping;
  expect({ code, text }).toEqual({
    code: 'page_hung',
    text: 'A script of the page ran without end and was stopped. The page answers again, but may be broken: reload it, or close the tab with tabs {"action": "close"}.',
  });
  expect((await me.call('evaluate', { tab: 't1', script: '2' })).code).toBe(null);
});

test('a tab whose page hangs is closed at once', async () => {
  const looping = me.call('evaluate', { script: 'for (;;);' });
  await expect.poll(() => me.session.attachedTab()).not.toBe(null);
  const list = await me.call('tabs', { action: 'close', tab: 't1' });
  expect(list.text).toBe('No tab is open.');
  expect((await looping).code).toBe('tab_closed');
  expect((await me.call('navigate', { url: site.origin })).text).toContain('t2 shows');
});

test('a call that takes too long on a page that answers says that, and the tab goes on', async () => {
  const { code } = await me.call('evaluate', { script: 'new Promise(() => {})' });
  expect(code).toBe('not_in_time');
  expect((await me.call('evaluate', { script: '1' })).code).toBe(null);
});

test('a caller that leaves ends its call, and the next one has its turn', async () => {
  const leave = new AbortController();
  const left = me.call('evaluate', { script: 'new Promise(() => {})' }, leave.signal);
  leave.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  expect((await me.call('evaluate', { script: '1' })).code).toBe(null);
});

test('a page whose process ends says so at once, and reload brings it back, with its dialogs', async () => {
  const waiting = me.call('evaluate', { script: 'new Promise(() => {})' });
  await expect.poll(() => me.session.attachedTab()).not.toBe(null);
  me.session.attachedTab()?.crash();
  expect((await waiting).code).toBe('tab_crashed');
  expect((await me.call('evaluate', { script: '1' })).text).toMatch(
    /^The page crashed: its process ended\. Load it/,
  );
  expect((await me.call('navigate', { action: 'reload' })).text).toMatch(
    /^t1 shows .*, status 200, title "Home"/,
  );
  expect((await me.call('evaluate', { script: ask })).code).toBe('dialog_open');
});

test('a browser that ends says so, and the next call starts one', async () => {
  const { browser } = await lab.shared.get(AbortSignal.timeout(5_000));
  const waiting = me.call('evaluate', { script: 'new Promise(() => {})' });
  browser.connection.browser.send('Browser.crash').catch(() => undefined);
  expect(['tab_closed', 'browser_ended']).toContain((await waiting).code);
  // a machine that is busy may take longer to start it than a call of this lab has
  const again = async (): Promise<string> => (await me.call('navigate', { url: site.origin })).text;
  await expect.poll(again, { timeout: 30_000 }).toMatch(/^t2 shows/);
});
