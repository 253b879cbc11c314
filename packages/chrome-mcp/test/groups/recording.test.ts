import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

let lab: Lab;
let site: Site;
let me: Client;

const PAGE = `<!doctype html><title>Page</title><body style="margin:0;background:#fff"><button style="width:300px;height:200px"
  onclick="document.body.style.background = '#00f'">Blue</button>`;

beforeAll(async () => {
  site = await openSite({ '/': PAGE });
  lab = await openLab();
  me = lab.client();
  await me.call('enable', { groups: ['recording'] });
});

afterAll(async () => {
  await lab.close();
  await site.close();
});

test('what a tab shows becomes a film with the clicks in it', async () => {
  await me.call('navigate', { url: site.origin });
  const ref = /e\d+/.exec((await me.call('find', { role: 'button' })).text)?.[0] ?? '';
  const { page } = await me.session.tab();
  let pictures = 0;
  page.on('Page.screencastFrame', () => (pictures += 1));
  expect((await me.call('recording', { action: 'start' })).text).toMatch(/^What t1 shows is recorded/);
  expect(await me.call('recording', { action: 'start' })).toMatchObject({ code: 'recording_running' });
  await expect.poll(() => pictures).toBeGreaterThan(0);
  const before = pictures;
  await me.call('click', { ref });
  await expect.poll(() => pictures).toBeGreaterThan(before);
  const { text, result } = await me.call('recording', { action: 'stop' });
  expect(text).toMatch(/^t1: \d+ pictures, \d+\.\d s, \d+ bytes, in \S+\.gif$/);
  const gif = readFileSync(String(result?.structured?.['path']));
  expect(gif.subarray(0, 6).toString('latin1')).toBe('GIF89a');
  expect(gif.at(-1)).toBe(0x3b);
  // the picture of the click has a red ring, which nothing else of the page has
  expect(Number(result?.structured?.['pictures'])).toBeGreaterThan(1);
  expect(hasColour(gif, (red, green, blue) => red > 180 && green < 90 && blue < 90)).toBe(true);
});

test('without a recording there is nothing to stop', async () => {
  expect(await me.call('recording', { action: 'stop' })).toMatchObject({ code: 'no_recording' });
});

/** Looks into the tables of colours of all pictures. */
function hasColour(gif: Buffer, is: (red: number, green: number, blue: number) => boolean): boolean {
  const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  const colours: Buffer[] = [];
  let at = 13 + table(gif[10] ?? 0);
  colours.push(gif.subarray(13, at));
  while (gif[at] !== 0x3b && at < gif.length) {
    if (gif[at] === 0x2c) {
      const size = table(gif[at + 9] ?? 0);
      colours.push(gif.subarray(at + 10, at + 10 + size));
      at += 11 + size;
    } else at += 2;
    while ((gif[at] ?? 0) !== 0) at += (gif[at] ?? 0) + 1;
    at += 1;
  }
  return colours.some((some) => {
    for (let index = 0; index + 2 < some.length; index += 3) {
      if (is(some[index] ?? 0, some[index + 1] ?? 0, some[index + 2] ?? 0)) return true;
    }
    return false;
  });
}
