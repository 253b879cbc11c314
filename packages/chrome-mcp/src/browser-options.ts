import { ConfigError } from '@deskhand/server-runtime';
import { resolve } from 'node:path';
import type { Channel } from './browser/channels.ts';
import { personProfiles } from './browser/executables.ts';
import type { JoinOptions } from './browser/join.ts';

export interface BrowserChoice {
  readonly executable?: string | undefined;
  readonly channel?: Channel | undefined;
  readonly chromeArg: readonly string[];
  /** Folders of unpacked extensions. */
  readonly extension: readonly string[];
  readonly headless: boolean;
  readonly isolated: boolean;
  readonly userDataDir?: string | undefined;
  readonly browserUrl?: string | undefined;
  readonly autoConnect: boolean;
  /** The state folder. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Which browser is started or joined, and how.
 *
 * @throws ConfigError for options that do not go together
 */
export function browserOptions(choice: BrowserChoice): JoinOptions {
  const { executable, browserUrl, autoConnect, isolated, userDataDir, chromeArg, extension, ...rest } =
    choice;
  if (browserUrl !== undefined && autoConnect) {
    throw new ConfigError('--auto-connect', 'it finds the browser that --browser-url already names');
  }
  const folder = userDataDir === undefined ? undefined : resolve(userDataDir);
  if (folder !== undefined && !autoConnect) checkFolder(folder, choice);
  if (extension.length > 0) checkExtensions(choice);
  const extensions = extension.map((path) => resolve(path));
  const named = { executable, browserUrl, autoConnect, isolated, extensions };
  return { ...rest, ...named, args: chromeArg, userDataDir: folder };
}

function checkExtensions({ isolated, browserUrl, autoConnect }: BrowserChoice): void {
  if (browserUrl !== undefined || autoConnect) {
    throw new ConfigError('--extension', 'a browser that runs is not given any');
  }
  if (isolated) return;
  throw new ConfigError('--extension', 'add --isolated: in a profile that is kept it would stay for good');
}

function checkFolder(folder: string, { isolated, browserUrl, env }: BrowserChoice): void {
  const flag = '--user-data-dir';
  if (browserUrl !== undefined) throw new ConfigError(flag, 'a browser that runs has its profile already');
  if (isolated) throw new ConfigError(flag, 'with --isolated the profile is a temporary one');
  const isPersons = personProfiles({ platform: process.platform, env }).includes(folder);
  if (!isPersons) return;
  throw new ConfigError(
    flag,
    'browsers do not let themselves be controlled in the profile of the person: use --auto-connect, or another folder',
  );
}
