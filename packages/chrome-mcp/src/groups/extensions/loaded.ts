import { ToolError } from '@deskhand/server-runtime';
import type { Protocol } from 'devtools-protocol';
import { CommandFailed, type CdpSession } from '../../cdp/connection.ts';

export type Extension = Protocol.Extensions.ExtensionInfo;

/** Those that were loaded at the start. @throws ToolError when none was */
export async function loadedExtensions(
  browser: CdpSession,
  signal: AbortSignal,
): Promise<readonly Extension[]> {
  try {
    const { extensions } = await browser.send('Extensions.getExtensions', undefined, { signal });
    if (extensions.length > 0) return extensions;
  } catch (error) {
    // a browser that was not started for them does not tell
    if (!(error instanceof CommandFailed)) throw error;
  }
  throw new ToolError('no_extensions', 'No extension was loaded', {
    hint: 'A person loads one by starting the server with --isolated --extension FOLDER.',
  });
}

/** Its service worker; `null` while it sleeps, and for one that has none. */
export async function workerOf(
  browser: CdpSession,
  { id }: Extension,
  signal: AbortSignal,
): Promise<Protocol.Target.TargetInfo | null> {
  const filter = [{ type: 'service_worker' }];
  const { targetInfos } = await browser.send('Target.getTargets', { filter }, { signal });
  return targetInfos.find(({ url }) => url.startsWith(`chrome-extension://${id}/`)) ?? null;
}
