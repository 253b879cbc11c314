import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Channel } from './channels.ts';
import { personProfiles, type Surroundings } from './executables.ts';
import { BrowserUnavailable } from './failure.ts';

export interface RunningOptions extends Surroundings {
  readonly channel: Channel | undefined;
  /** The folder of its profiles, instead of the usual ones. */
  readonly userDataDir: string | undefined;
}

/**
 * The `ws:` address of the person's own browser, which lets itself be joined once the person allowed that on its page
 * `chrome://inspect/#remote-debugging`, and asks for each connection.
 *
 * @throws BrowserUnavailable when none says where it listens
 */
export async function runningBrowser({ channel, userDataDir, ...where }: RunningOptions): Promise<string> {
  const folders = userDataDir === undefined ? personProfiles(where, channel) : [userDataDir];
  for (const folder of folders) {
    const socket = await socketOf(folder);
    if (socket !== null) return socket;
  }
  const which = channel === undefined ? '' : ` of the channel ${channel}`;
  throw new BrowserUnavailable(`No running browser${which} lets itself be joined`, {
    hint: 'In Chrome 144 or later open chrome://inspect/#remote-debugging and allow it there. For another folder than the usual one, name it with --user-data-dir.',
  });
}

/** The browser writes its port and its path there while it listens. */
async function socketOf(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, 'DevToolsActivePort'), 'utf8').catch(() => ''); // it listens to nobody
  const [port = '', path = ''] = text.split('\n').map((line) => line.trim());
  return /^\d+$/.test(port) && path.startsWith('/devtools/browser') ? `ws://127.0.0.1:${port}${path}` : null;
}
