import { CommandFailed } from '../cdp/connection.ts';
import { streamed, StreamTooLong } from './stream.ts';
import type { Tab } from './tab.ts';

/** The most that is read of one, in bytes. */
const MOST_BYTES = 30_000_000;

/**
 * What an address gives when the browser asks for it, under all limits that the browser is under; `null` when it
 * gives nothing, or too much.
 */
export async function fetchText({ main }: Tab, url: string, signal: AbortSignal): Promise<string | null> {
  if (!/^https?:/.test(url)) return null;
  const { session, id: frameId } = main;
  try {
    const options = { disableCache: false, includeCredentials: true };
    const { resource } = await session.send(
      'Network.loadNetworkResource',
      { frameId, url, options },
      { signal },
    );
    const { success, stream: handle, httpStatusCode = 0 } = resource;
    if (handle === undefined || !success || httpStatusCode >= 400) return null;
    const parts: Buffer[] = [];
    for await (const part of streamed(session, { handle, most: MOST_BYTES }, signal)) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  } catch (error) {
    if (!(error instanceof CommandFailed || error instanceof StreamTooLong)) throw error;
    return null; // the browser does not load it, or it is too much
  }
}
