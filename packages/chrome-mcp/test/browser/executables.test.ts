import { expect, test } from 'vitest';
import { browserPlaces, personProfiles } from '../../src/browser/executables.ts';

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

const PERSON = { HOME: '/home/ada', LOCALAPPDATA: 'C:\\Local' };

test.each([
  ['linux', 'dev', '/usr/bin/google-chrome-unstable', '/home/ada/.config/google-chrome-unstable'],
  ['linux', 'chromium', '/usr/bin/chromium', '/home/ada/.config/chromium'],
  [
    'darwin',
    'canary',
    '/Applications/Google Chrome Canary.app/Contents/MacOS/Google Chrome Canary',
    '/home/ada/Library/Application Support/Google/Chrome Canary',
  ],
  [
    'darwin',
    'brave',
    '/Applications/Brave Browser.app/Contents/MacOS/Brave Browser',
    '/home/ada/Library/Application Support/BraveSoftware/Brave-Browser',
  ],
  [
    'win32',
    'canary',
    'C:\\Local\\Google\\Chrome SxS\\Application\\chrome.exe',
    'C:\\Local\\Google\\Chrome SxS\\User Data',
  ],
  [
    'win32',
    'msedge',
    'C:\\Local\\Microsoft\\Edge\\Application\\msedge.exe',
    'C:\\Local\\Microsoft\\Edge\\User Data',
  ],
] as const)('on %s, %s is looked for in its place alone, and its user has a profile there', (...row) => {
  const [platform, channel, place, profile] = row;
  expect(browserPlaces({ platform, env: PERSON }, channel)[0]).toBe(place);
  expect(personProfiles({ platform, env: PERSON }, channel)).toEqual([profile]);
});

test('without a channel the profiles of all are looked at, Chrome first, in the folder for settings', () => {
  const env = { HOME: '/home/ada', XDG_CONFIG_HOME: '/settings' };
  expect(personProfiles({ platform: 'linux', env })).toEqual([
    ...['/settings/google-chrome', '/settings/chromium', '/settings/microsoft-edge'],
    ...['/settings/BraveSoftware/Brave-Browser', '/settings/google-chrome-beta'],
    ...['/settings/google-chrome-unstable', '/settings/google-chrome-canary'],
  ]);
});
