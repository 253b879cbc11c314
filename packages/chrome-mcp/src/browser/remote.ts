import { inTime } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { Connection } from '../cdp/connection.ts';
import { RemoteConnection } from '../cdp/remote-connection.ts';
import { BrowserUnavailable } from './failure.ts';
import { unlessAborted } from './turns.ts';

const version = z.object({ webSocketDebuggerUrl: z.string() });

/** How long a browser may take to answer that it is there. */
const JOIN_MS = 10_000;
/** How long the person may take to allow it. */
const CONSENT_MS = 5 * 60_000;

/**
 * Joins a browser that runs: by its `ws:` address, or by the `http:` one that tells it.
 *
 * @throws BrowserUnavailable
 */
export async function joinBrowser(url: string, signal: AbortSignal): Promise<Connection> {
  try {
    return await inTime(JOIN_MS, signal, async (patience) => {
      const socket = /^wss?:/.test(url) ? url : await socketOf(url, patience);
      return unlessAborted(RemoteConnection.to(socket), patience);
    });
  } catch (cause) {
    throw new BrowserUnavailable(`No browser answers at ${url}`, {
      hint: 'Start it with --remote-debugging-port=9222 and a --user-data-dir of its own, and give the server that address with --browser-url.',
      cause,
    });
  }
}

/**
 * Joins a browser that asks the person first, which is waited for.
 *
 * @throws BrowserUnavailable when the person says no, does not answer, or nothing listens there any more
 */
export async function joinAsked(socket: string, signal: AbortSignal): Promise<Connection> {
  try {
    return await inTime(CONSENT_MS, signal, (patience) =>
      unlessAborted(RemoteConnection.to(socket), patience),
    );
  } catch (cause) {
    throw new BrowserUnavailable('The running browser was not joined: nobody allowed it', {
      hint: 'Ask the person to allow remote debugging when the browser asks. When it does not ask, it may have ended: start it again.',
      cause,
    });
  }
}

async function socketOf(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(new URL('/json/version', url), { signal });
  return version.parse(await response.json()).webSocketDebuggerUrl;
}
