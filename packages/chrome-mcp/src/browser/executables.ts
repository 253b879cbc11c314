import { join, posix, win32 } from 'node:path';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const LINUX_NAMES = [
  ...['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'],
  ...['microsoft-edge', 'microsoft-edge-stable', 'brave-browser', 'brave'],
];

const MAC_PROGRAMS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'Brave Browser.app/Contents/MacOS/Brave Browser',
];

const WINDOWS_PROGRAMS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
];

/** Where a browser may be, best first: Chrome, Chromium, Edge, Brave. */
export function browserPlaces({ platform, env }: Surroundings): readonly string[] {
  if (platform === 'win32') {
    const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(isSet);
    return WINDOWS_PROGRAMS.flatMap((program) => roots.map((root) => win32.join(root, program)));
  }
  if (platform === 'darwin') {
    const roots = ['/Applications', ...(isSet(env['HOME']) ? [posix.join(env['HOME'], 'Applications')] : [])];
    return MAC_PROGRAMS.flatMap((program) => roots.map((root) => posix.join(root, program)));
  }
  const folders = [...(env['PATH'] ?? '').split(':').filter(isSet), '/usr/bin', '/snap/bin'];
  return LINUX_NAMES.flatMap((name) => [...new Set(folders)].map((folder) => join(folder, name)));
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';
