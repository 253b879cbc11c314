import type { Connection } from '../cdp/connection.ts';
import { launch, type LaunchOptions } from './launch.ts';
import { Browser } from './browser.ts';
import type { Opened } from './shared-browser.ts';

export interface JoinOptions extends LaunchOptions {
  /** Where a browser that runs already listens; one is started when it is undefined. */
  readonly browserUrl?: string | undefined;
  /** Joins the person's own browser, which asks the person. */
  readonly autoConnect?: boolean;
}

/** A browser is joined, and not started. */
export const joins = ({
  browserUrl,
  autoConnect,
}: Pick<JoinOptions, 'browserUrl' | 'autoConnect'>): boolean =>
  browserUrl !== undefined || autoConnect === true;

/**
 * A browser that runs, or one that is started.
 *
 * @throws BrowserUnavailable
 */
export async function openBrowser(options: JoinOptions, signal: AbortSignal): Promise<Opened> {
  if (!joins(options)) {
    const { connection, note, close } = await launch(options, signal);
    return {
      browser: await answering(connection, { isOurs: true, close, signal }),
      note,
      isOurs: true,
      close,
    };
  }
  const connection = await joined(options, signal);
  const close = (): Promise<void> => {
    connection.close();
    return Promise.resolve();
  };
  const browser = await answering(connection, { isOurs: false, close, signal });
  return { browser, note: null, isOurs: false, close };
}

/** Where the browser that is joined listens. @throws BrowserUnavailable when none says so */
export async function browserAddress(options: JoinOptions): Promise<string> {
  const { browserUrl, channel, userDataDir, env } = options;
  if (browserUrl !== undefined) return browserUrl;
  const { runningBrowser } = await import('./running.ts');
  return runningBrowser({ channel, userDataDir, platform: process.platform, env });
}

async function joined(options: JoinOptions, signal: AbortSignal): Promise<Connection> {
  const address = await browserAddress(options);
  const { joinAsked, joinBrowser } = await import('./remote.ts');
  return options.autoConnect === true ? joinAsked(address, signal) : joinBrowser(address, signal);
}

async function answering(
  connection: Connection,
  {
    isOurs,
    close,
    signal,
  }: { readonly isOurs: boolean; readonly close: () => Promise<void>; readonly signal: AbortSignal },
): Promise<Browser> {
  try {
    return await Browser.over(connection, { isOurs, signal });
  } catch (error) {
    await close();
    throw error;
  }
}
