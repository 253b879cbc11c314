import { inTime } from '@deskhand/server-runtime';
import { access, constants, rm } from 'node:fs/promises';
import type { Connection } from '../cdp/connection.ts';
import { PipeConnection } from '../cdp/pipe-connection.ts';
import { startBrowser, type BrowserProcess } from './browser-process.ts';
import { installations, type Channel } from './channels.ts';
import { browserPlaces, type Surroundings } from './executables.ts';
import { loadExtensions } from './extensions.ts';
import { BrowserUnavailable } from './failure.ts';
import { isInUse, keptProfile, sweepProfiles, temporaryProfile, type Profile } from './profile.ts';

/** How long a browser may take to answer its first command. */
const START_MS = 30_000;
/** How long it may take to end by itself. */
const END_MS = 3_000;

export interface LaunchOptions {
  readonly executable: string | undefined;
  /** This build, and no other one that is installed. */
  readonly channel?: Channel | undefined;
  /** The profile to keep, instead of the one in the state folder. */
  readonly userDataDir?: string | undefined;
  readonly headless: boolean;
  readonly isolated: boolean;
  readonly args: readonly string[];
  /** Folders of unpacked extensions. */
  readonly extensions?: readonly string[];
  /** The state folder. */
  readonly home: string;
  readonly env: Surroundings['env'];
}

/** A browser that was started by us. */
export interface Launched {
  readonly connection: Connection;
  readonly pid: number;
  /** What the person would not expect, such as another profile than asked for. */
  readonly note: string | null;
  /** Resolves when nothing is left of it. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a browser with a profile of our own: the kept one, or a temporary one when that was asked for or another
 * browser has the kept one.
 *
 * @throws BrowserUnavailable
 */
export async function launch(options: LaunchOptions, signal: AbortSignal): Promise<Launched> {
  const { home, isolated, userDataDir } = options;
  const executable = await findBrowser(options);
  await sweepProfiles(home);
  const wanted = isolated ? await temporaryProfile(home) : await keptProfile(home, userDataDir);
  const isTaken = !wanted.isTemporary && (await isInUse(wanted));
  const start = (profile: Profile, note: string | null): Promise<Launched> =>
    startWith({ executable, profile, note, options }, signal);
  const instead = async (): Promise<Launched> =>
    start(
      await temporaryProfile(home),
      'Another browser has the kept profile, so this one has a temporary profile without earlier logins.',
    );
  if (isTaken) return instead();
  try {
    return await start(wanted, null);
  } catch (error) {
    // another one came first, between the look and the start
    if (!wanted.isTemporary && (await isInUse(wanted))) return instead();
    throw error;
  }
}

/** @throws BrowserUnavailable when there is none */
export async function findBrowser({
  executable,
  channel,
  env,
}: Pick<LaunchOptions, 'executable' | 'channel' | 'env'>): Promise<string> {
  const surroundings = { platform: process.platform, env };
  const places = executable === undefined ? browserPlaces(surroundings, channel) : [executable];
  for (const place of places) if (await canRun(place)) return place;
  const what =
    channel === undefined
      ? 'Chrome, Chromium, Edge and Brave are not installed where they usually are'
      : `${installations[channel].title} is not installed where it usually is`;
  throw executable === undefined
    ? new BrowserUnavailable(what, { hint: 'Install it, or name a browser with --executable PATH.' })
    : new BrowserUnavailable(`${executable} cannot be run`, {
        hint: 'Name the program of the browser with --executable PATH.',
      });
}

async function canRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not ours to run: the next place may do
  }
}

interface Start {
  readonly executable: string;
  readonly profile: Profile;
  readonly note: string | null;
  readonly options: LaunchOptions;
}

async function startWith(
  { executable, profile, note, options }: Start,
  signal: AbortSignal,
): Promise<Launched> {
  const temporaryFolder = profile.isTemporary ? profile.folder : null;
  const child = await startBrowser(executable, argumentsOf(profile, options), {
    env: options.env,
    temporaryFolder,
  });
  const connection = new PipeConnection(child);
  const close = async (): Promise<void> => {
    await end(child, connection);
    if (temporaryFolder !== null) await rm(temporaryFolder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await inTime(START_MS, signal, async (patience) => {
      await connection.browser.send('Browser.getVersion', undefined, { signal: patience });
      await loadExtensions(connection, options.extensions ?? [], patience);
    });
    return { connection, pid: child.pid, note, close };
  } catch (cause) {
    await close();
    if (cause instanceof BrowserUnavailable) throw cause;
    throw notStarted(executable, child.complaint(), cause);
  }
}

function notStarted(executable: string, complaint: string, cause: unknown): BrowserUnavailable {
  const reason = complaint.trim().split('\n').slice(-3).join(' ').slice(-500);
  const hint = /sandbox/i.test(complaint)
    ? 'The sandbox of the browser does not work here; mend it, or, where pages can be trusted, pass --chrome-arg=--no-sandbox.'
    : /display|ozone/i.test(complaint)
      ? 'There is no screen to show a window on: start the server with --headless.'
      : 'Try the same program by hand, or name another one with --executable PATH.';
  return new BrowserUnavailable(`${executable} did not start${reason === '' ? '' : `: ${reason}`}`, {
    hint,
    cause,
  });
}

async function end(child: BrowserProcess, connection: Connection): Promise<void> {
  const killing = setTimeout(() => child.kill(), END_MS);
  const left = connection.browser.send('Browser.close');
  left.catch(() => undefined); // it ends before it answers, or has ended
  await Promise.race([left.catch(() => undefined), child.ended]);
  await child.ended;
  clearTimeout(killing);
  connection.close();
}

const argumentsOf = (
  { folder }: Profile,
  { headless, args, extensions = [] }: LaunchOptions,
): readonly string[] => [
  '--remote-debugging-pipe',
  `--user-data-dir=${folder}`,
  ...['--no-first-run', '--no-default-browser-check', '--no-startup-window', '--hide-crash-restore-bubble'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...['--disable-default-apps', '--disable-search-engine-choice-screen', '--disable-breakpad'],
  // the profile is the agent's own: no question for the person's keyring
  ...['--password-store=basic', '--use-mock-keychain'],
  // tabs in the background answer as those in front
  ...['--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows'],
  ...['--disable-renderer-backgrounding', '--disable-hang-monitor', '--disable-prompt-on-repost'],
  // what is clicked before the first picture of a page would be dropped
  '--allow-pre-commit-input',
  // a page that is kept for going back may open a dialog while it is left, which nothing can answer then
  '--disable-features=Translate,MediaRouter,OptimizationHints,BackForwardCache',
  ...(headless ? ['--headless=new', '--window-size=1280,800', '--mute-audio', '--hide-scrollbars'] : []),
  ...(extensions.length > 0 ? ['--enable-unsafe-extension-debugging'] : []),
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ...args,
];
