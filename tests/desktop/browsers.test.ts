import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import type { Application } from '../lab/application.ts';
import { Belongings } from '../lab/belongings.ts';
import { openChromium } from '../lab/chromium.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { openFirefox } from '../lab/firefox.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { serveWebPage, type WebPage } from '../lab/web-page.ts';
import { codeOf } from './answers.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const PAGE = `<!doctype html><title>Shop</title><body style="font:20px sans-serif;background:#fff">
  <h1>Offers of the week</h1><p>Two <b>red</b> shoes, <a href=x>more</a>.</p>
  <label>Code <input type=password value="hunter2"></label>
  <div style="height:3000px"></div><p>At the end</p><p style="display:none">unseen</p>`;

const LAYING_OUT = { timeout: 60_000, interval: 200 };

interface Browser {
  readonly name: string;
  readonly path: string;
  readonly open: (desktop: Desktop, url: string) => Promise<Application>;
}

const BROWSERS: readonly Browser[] = [
  {
    name: 'Chromium',
    path: '/usr/lib/chromium/chromium',
    open: (desktop, url) => openChromium(desktop, { url, width: 800, height: 600 }),
  },
  { name: 'Firefox', path: '/usr/lib/firefox-esr/firefox-esr', open: openFirefox },
];

let page: WebPage;
beforeAll(async () => {
  page = await serveWebPage(PAGE);
});
afterAll(() => page.close());

let desktop: Desktop;
let server: ToolClient;
const opened = new Belongings();
afterEach(() => opened.close());

async function open({ path, open: start }: Browser): Promise<Application> {
  writeGrants(desktop, [rowFor(path)]);
  const browser = opened.own(await start(desktop, page.url));
  await browser.place({ x: 100, y: 60, width: 800, height: 600 });
  await browser.activate();
  return browser;
}

const readUntil = (window: number, words: string): Promise<ToolAnswer> =>
  eventually(`"${words}" to be read`, async () => {
    const answer = await server.call('read_page', { window });
    return answer.text.includes(words) ? answer : undefined;
  });

describe('on a desktop with accessibility', () => {
  beforeAll(async () => {
    desktop = await startDesktop({ wm: 'openbox', accessibility: true });
    server = await connectServer(desktop);
  });
  afterAll(() => desktop.close());

  test.each(BROWSERS)(
    '$name tells its page, also what is scrolled away, and is not acted on',
    async (browser) => {
      const { window } = await open(browser);
      // a browser tells a page while it still lays it out
      await vi.waitFor(async () => {
        const { text, structured } = await server.call('read_page', { window });
        expect(text.split('\n').filter((line) => line.startsWith('> '))).toEqual([
          '> # Offers of the week',
          '> Two red shoes, more.',
          '> Code',
          '> [password field "Code", not read]',
          '> At the end',
        ]);
        expect(structured).toMatchObject({ source: 'program', complete: true });
      }, LAYING_OUT);
      // a picture does not wait for a program that is slow to tell, and says so
      await eventually('the password field to be known in time', async () =>
        (await server.call('screenshot')).text.includes('Password fields are black.'),
      );
      expect(codeOf(await server.call('left_click', { coordinate: [300, 400] }))).toBe('tier_too_low');
    },
  );
});

describe('on a desktop without', () => {
  beforeAll(async () => {
    desktop = await startDesktop({ wm: 'openbox' });
    server = await connectServer(desktop);
  });
  afterAll(() => desktop.close());

  test.each(BROWSERS)(
    'what shows of the page in $name is recognised, and told as a reading',
    async (browser) => {
      const { window } = await open(browser);
      const { text, structured } = await readUntil(window, 'Offers of the week');
      expect(text).toMatch(/^Text recognised in the picture of window \d+ of /);
      expect(text).toContain('Two red shoes');
      expect(text).not.toContain('At the end');
      expect(text).not.toContain('hunter');
      expect(structured).toMatchObject({ source: 'recognition', complete: false });
      expect(codeOf(await server.call('left_click', { coordinate: [300, 400] }))).toBe('tier_too_low');
    },
  );
});
