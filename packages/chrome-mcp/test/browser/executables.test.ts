import { expect, test } from 'vitest';
import { browserPlaces } from '../../src/browser/executables.ts';

test.each([
  [
    'linux',
    { PATH: '/opt/bin:/usr/bin' },
    ['/opt/bin/google-chrome', '/usr/bin/google-chrome', '/snap/bin/google-chrome'],
    ['/usr/bin/chromium', '/usr/bin/microsoft-edge', '/usr/bin/brave-browser'],
  ],
  [
    'darwin',
    { HOME: '/Users/ada' },
    [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Users/ada/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    ['/Applications/Brave Browser.app/Contents/MacOS/Brave Browser'],
  ],
  [
    'win32',
    { PROGRAMFILES: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' },
    [
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Users\\ada\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe',
    ],
    ['C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe'],
  ],
] as const)('on %s, Chrome comes first, and the others are known', (platform, env, first, others) => {
  const places = browserPlaces({ platform, env });
  expect(places.slice(0, first.length)).toEqual(first);
  for (const other of others) expect(places).toContain(other);
});

test('an environment that says nothing leaves the usual places', () => {
  expect(browserPlaces({ platform: 'win32', env: {} })).toEqual([]);
  expect(browserPlaces({ platform: 'linux', env: {} }).slice(0, 2)).toEqual([
    '/usr/bin/google-chrome',
    '/snap/bin/google-chrome',
  ]);
});
