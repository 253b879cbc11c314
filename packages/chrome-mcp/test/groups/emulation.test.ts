import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

let lab: Lab;
let site: Site;
let me: Client;

beforeAll(async () => {
  site = await openSite({
    '/': '<!doctype html><meta name="viewport" content="width=device-width"><title>Emulation</title>',
    '/headers': (response, request) =>
      response.end(`${request.headers['user-agent'] ?? ''} | ${request.headers['accept-language'] ?? ''}`),
  });
  lab = await openLab();
});

afterAll(async () => {
  await lab.close();
  await site.close();
});

beforeEach(async () => {
  me = lab.client();
  await me.call('navigate', { url: site.origin });
  await me.call('enable', { groups: ['emulation'] });
});

const said = async (script: string, tab?: string): Promise<unknown> => {
  const { text } = await me.call('evaluate', { script, ...(tab !== undefined && { tab }) });
  return JSON.parse(text.split('\n').slice(1).join('\n').replace(/^> /, ''));
};

const SEEN = `({
  size: [innerWidth, innerHeight, devicePixelRatio], touch: navigator.maxTouchPoints,
  dark: matchMedia('(prefers-color-scheme: dark)').matches, calm: matchMedia('(prefers-reduced-motion: reduce)').matches,
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone, number: (1.5).toLocaleString(), line: navigator.onLine,
})`;

test('settings add to what holds, in tabs that come too, and go one by one or all', async () => {
  const natural = await said(SEEN);
  await me.call('emulate', { device: 'iPhone 16', colorScheme: 'dark' });
  await me.call('emulate', { timezone: 'Asia/Tokyo', locale: 'de-DE', reducedMotion: true });
  const { text } = await me.call('emulate', { network: 'slow-3g', cpu: 2 });
  expect(text).toMatch(
    /^Holds in all tabs: viewport 393 x 852, at 3, mobile, touch; network slow-3g; processor 2 times slower; locale "de-DE"; time zone "Asia\/Tokyo"; user agent "Mozilla.*iPhone.*"; colour scheme dark; reduced motion\.$/,
  );
  await me.call('emulate', { reset: ['network', 'cpu'] });
  const seen = {
    ...{
      size: [393, 852, 3],
      touch: 5,
      dark: true,
      calm: true,
      zone: 'Asia/Tokyo',
      number: '1,5',
      line: true,
    },
  };
  expect(await said(SEEN)).toEqual(seen);
  await me.call('tabs', { action: 'new', url: site.origin });
  expect(await said(SEEN, 't2')).toEqual(seen);
  await me.call('navigate', { url: `${site.origin}/headers` });
  expect((await me.call('snapshot')).text).toMatch(/iPhone.* \| de-DE/);
  expect((await me.call('emulate', { reset: 'all' })).text).toBe('Nothing is emulated.');
  await me.call('navigate', { url: site.origin });
  expect(await said(SEEN)).toEqual(natural);
});

test('offline is believed by the page and holds for what it asks for', async () => {
  await me.call('emulate', { network: 'offline' });
  expect(await said(`fetch('/').then(() => 'came', () => navigator.onLine)`)).toBe(false);
  await me.call('emulate', { reset: ['network'] });
  expect(await said(`fetch('/').then(() => 'came', () => navigator.onLine)`)).toBe('came');
});

test('a place is told to pages, and nobody is asked for it', async () => {
  await me.call('emulate', { geolocation: { latitude: 48.2, longitude: 16.37 } });
  const place = `new Promise((done, fail) => navigator.geolocation.getCurrentPosition(({ coords }) => done([coords.latitude, coords.longitude]), ({ message }) => fail(Error(message))))`;
  expect(await said(place)).toEqual([48.2, 16.37]);
});

test('a value that the browser does not take changes nothing', async () => {
  await me.call('emulate', { colorScheme: 'dark' });
  const { code } = await me.call('emulate', { timezone: 'Nowhere/Land', colorScheme: 'light' });
  expect(code).toBe('invalid_arguments');
  expect((await me.call('emulate')).text).toBe('Holds in all tabs: colour scheme dark.');
  expect(await said(`matchMedia('(prefers-color-scheme: dark)').matches`)).toBe(true);
});

test('switching the group off ends what it emulated', async () => {
  await me.call('emulate', { viewport: { width: 500, height: 400 } });
  expect(await said('innerWidth')).toBe(500);
  await me.call('enable', { groups: ['emulation'], off: true });
  await expect.poll(() => said('innerWidth')).not.toBe(500);
});
