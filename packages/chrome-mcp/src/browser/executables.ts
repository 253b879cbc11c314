import { join, posix, win32 } from 'node:path';
import { channelsIn, installations, type Channel } from './channels.ts';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where a browser may be, best first; only this build of one if it is named. */
export function browserPlaces({ platform, env }: Surroundings, channel?: Channel): readonly string[] {
  const wanted = channelsIn(channel).map((name) => installations[name]);
  if (platform === 'win32') {
    const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(isSet);
    return wanted.flatMap(({ win32: { program } }) => roots.map((root) => win32.join(root, program)));
  }
  if (platform === 'darwin') {
    const roots = ['/Applications', ...(isSet(env['HOME']) ? [posix.join(env['HOME'], 'Applications')] : [])];
    return wanted.flatMap(({ darwin: { program } }) => roots.map((root) => posix.join(root, program)));
  }
  const folders = [...new Set([...(env['PATH'] ?? '').split(':').filter(isSet), '/usr/bin', '/snap/bin'])];
  const names = wanted.flatMap(({ linux: { programs } }) => programs);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** Where browsers keep the profiles of the person, best first; only this build of one if it is named. */
export function personProfiles({ platform, env }: Surroundings, channel?: Channel): readonly string[] {
  const wanted = channelsIn(channel).map((name) => installations[name]);
  const home = env['HOME'] ?? '';
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'];
    return isSet(local) ? wanted.map(({ win32: { data } }) => win32.join(local, data)) : [];
  }
  if (platform === 'darwin') {
    const support = posix.join(home, 'Library', 'Application Support');
    return isSet(home) ? wanted.map(({ darwin: { data } }) => posix.join(support, data)) : [];
  }
  const settings = isSet(env['XDG_CONFIG_HOME']) ? env['XDG_CONFIG_HOME'] : join(home, '.config');
  return wanted.map(({ linux: { data } }) => join(settings, data));
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';
