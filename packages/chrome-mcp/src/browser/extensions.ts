import type { Connection } from '../cdp/connection.ts';
import { CommandFailed } from '../cdp/connection.ts';
import { BrowserUnavailable } from './failure.ts';

/** Has a browser of ours take unpacked extensions, in all its contexts. @throws BrowserUnavailable */
export async function loadExtensions(
  { browser }: Connection,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const path of folders) {
    try {
      await browser.send('Extensions.loadUnpacked', { path, enableInIncognito: true }, { signal });
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw new BrowserUnavailable(`The extension in ${path} was not loaded: ${error.message}`, {
        hint: 'Mend its manifest, or start the server without this --extension.',
        cause: error,
      });
    }
  }
}
