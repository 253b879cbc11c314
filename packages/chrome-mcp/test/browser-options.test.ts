import { expect, test } from 'vitest';
import { browserOptions } from '../src/browser-options.ts';

const CHOICE = {
  ...{ chromeArg: [], extension: [], headless: true, isolated: false, autoConnect: false },
  ...{ home: '/state', env: { HOME: '/home/ada', XDG_CONFIG_HOME: '/settings' } },
};

test.each([
  ['a browser that is named and one that is found', { browserUrl: 'http://127.0.0.1:1', autoConnect: true }],
  ['a profile that is kept and one that is not', { userDataDir: '/mine', isolated: true }],
  ['a profile for a browser that runs', { userDataDir: '/mine', browserUrl: 'http://127.0.0.1:1' }],
  ['an extension and a browser that runs', { extension: ['/mine'], browserUrl: 'http://127.0.0.1:1' }],
  ['an extension and a profile that is kept', { extension: ['/mine'] }],
  ['the profile of the person for a browser of the agent', { userDataDir: '/settings/google-chrome' }],
])('%s do not go together', (_what, choice) => {
  expect(() => browserOptions({ ...CHOICE, ...choice })).toThrow(
    /--(?:auto-connect|user-data-dir|extension)/,
  );
});

test.each([
  ['a profile of its own', { userDataDir: '/mine' }],
  ['the profile of the person, to join it', { userDataDir: '/settings/google-chrome', autoConnect: true }],
])('%s is taken', (_what, choice) => {
  expect(browserOptions({ ...CHOICE, ...choice })).toMatchObject(choice);
});
