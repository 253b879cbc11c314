/** Builds of browsers, by the names that automation tools give them. */
export const channels = ['stable', 'beta', 'dev', 'canary', 'chromium', 'msedge', 'brave'] as const;
export type Channel = (typeof channels)[number];

/** Where a build is usually installed, and where it keeps the profiles of its user. */
export interface Installation {
  readonly title: string;
  readonly linux: {
    /** Names in the folders of PATH. */
    readonly programs: readonly string[];
    /** In the folder for settings. */
    readonly data: string;
  };
  readonly darwin: {
    /** In a folder for applications. */
    readonly program: string;
    /** In Library/Application Support. */
    readonly data: string;
  };
  readonly win32: {
    /** In a folder for programs. */
    readonly program: string;
    /** In the folder for local data. */
    readonly data: string;
  };
}

const chrome = (title: string, linux: readonly [string, ...string[]], windows: string): Installation => ({
  title: `Google ${title}`,
  linux: { programs: linux, data: linux[0] },
  darwin: { program: `Google ${title}.app/Contents/MacOS/Google ${title}`, data: `Google/${title}` },
  win32: {
    program: `Google\\${windows}\\Application\\chrome.exe`,
    data: `Google\\${windows}\\User Data`,
  },
});

export const installations: Readonly<Record<Channel, Installation>> = {
  stable: chrome('Chrome', ['google-chrome', 'google-chrome-stable'], 'Chrome'),
  beta: chrome('Chrome Beta', ['google-chrome-beta'], 'Chrome Beta'),
  dev: chrome('Chrome Dev', ['google-chrome-unstable'], 'Chrome Dev'),
  canary: chrome('Chrome Canary', ['google-chrome-canary'], 'Chrome SxS'),
  chromium: {
    title: 'Chromium',
    linux: { programs: ['chromium', 'chromium-browser'], data: 'chromium' },
    darwin: { program: 'Chromium.app/Contents/MacOS/Chromium', data: 'Chromium' },
    win32: { program: 'Chromium\\Application\\chrome.exe', data: 'Chromium\\User Data' },
  },
  msedge: {
    title: 'Microsoft Edge',
    linux: { programs: ['microsoft-edge', 'microsoft-edge-stable'], data: 'microsoft-edge' },
    darwin: { program: 'Microsoft Edge.app/Contents/MacOS/Microsoft Edge', data: 'Microsoft Edge' },
    win32: { program: 'Microsoft\\Edge\\Application\\msedge.exe', data: 'Microsoft\\Edge\\User Data' },
  },
  brave: {
    title: 'Brave',
    linux: { programs: ['brave-browser', 'brave'], data: 'BraveSoftware/Brave-Browser' },
    darwin: {
      program: 'Brave Browser.app/Contents/MacOS/Brave Browser',
      data: 'BraveSoftware/Brave-Browser',
    },
    win32: {
      program: 'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
      data: 'BraveSoftware\\Brave-Browser\\User Data',
    },
  },
};

/** Those that people mostly have first. */
const ORDER: readonly Channel[] = ['stable', 'chromium', 'msedge', 'brave', 'beta', 'dev', 'canary'];

/** The one that is named, or all, best first. */
export const channelsIn = (channel: Channel | undefined): readonly Channel[] =>
  channel === undefined ? ORDER : [channel];
