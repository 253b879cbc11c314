import type { Connection } from '../cdp/connection.ts';
import { launch, type LaunchOptions } from './launch.ts';
import { Browser } from './browser.ts';
import type { Opened } from './shared-browser.ts';

export interface JoinOptions extends LaunchOptions {
  /** Where a browser that runs already listens; one is started when it is undefined. */
  readonly browserUrl: string | undefined;
}

/**
 * A browser that runs, or one that is started.
 *
 * @throws BrowserUnavailable
 */
export async function openBrowser(options: JoinOptions, signal: AbortSignal): Promise<Opened> {
  const { browserUrl } = options;
  if (browserUrl === undefined) {
    const { connection, note, close } = await launch(options, signal);
    return { browser: await answering(connection, close, signal), note, isOurs: true, close };
  }
  const { joinBrowser } = await import('./remote.ts');
  const connection = await joinBrowser(browserUrl, signal);
  const close = (): Promise<void> => {
    connection.close();
    return Promise.resolve();
  };
  return { browser: await answering(connection, close, signal), note: null, isOurs: false, close };
}

async function answering(
  connection: Connection,
  close: () => Promise<void>,
  signal: AbortSignal,
): Promise<Browser> {
  try {
    return await Browser.over(connection, signal);
  } catch (error) {
    await close();
    throw error;
  }
}
