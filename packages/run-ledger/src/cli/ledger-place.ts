import { posix, win32 } from 'node:path';
import { UsageError } from './outcome.ts';

/** What the place of the state depends on, given as values. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** @throws where the system knows none, as of a number without a name */
  readonly homedir: () => string;
}

export interface PlaceOptions {
  readonly folder?: string;
  readonly home?: string;
}

/** The ledger folder: `--folder`, else `ledger` in `--home`, `$DESKHAND_HOME` or the platform's place for state. */
export function ledgerFolder({ folder, home }: PlaceOptions, around: Surroundings): string {
  const path = around.platform === 'win32' ? win32 : posix;
  if (folder !== undefined) return path.resolve(folder);
  return path.join(home === undefined ? stateHome(around, path) : path.resolve(home), 'ledger');
}

function stateHome({ env, platform, homedir }: Surroundings, path: typeof posix): string {
  const { DESKHAND_HOME: own, XDG_STATE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (own) {
    if (path.isAbsolute(own)) return own;
    throw new UsageError(`DESKHAND_HOME is ${own}, which is not an absolute path. Unset it, or give --home.`);
  }
  if (platform === 'win32')
    return path.join(local ? local : path.join(known(homedir), 'AppData', 'Local'), 'Deskhand');
  if (platform === 'darwin') return path.join(known(homedir), 'Library', 'Application Support', 'Deskhand');
  return path.join(
    xdg && path.isAbsolute(xdg) ? xdg : path.join(known(homedir), '.local', 'state'),
    'deskhand',
  );
}

/** @throws UsageError */
function known(homedir: () => string): string {
  try {
    return homedir();
  } catch {
    throw new UsageError('The system knows no home folder of this user. Set DESKHAND_HOME, or give --home.');
  }
}
