import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { GrantsError } from './grants-error.ts';
import { makePrivateFolder } from './private-path.ts';

/** What the place of the state depends on, given as values. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homedir: string;
}

/** The home folder of this process's user; empty where the system knows none, as of a number without a name. */
export function ownHomedir(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

/**
 * The folder of all state: `$DESKHAND_HOME`, else the platform's own place for state.
 * A relative `XDG_STATE_HOME` is ignored, as the XDG Base Directory Specification demands.
 * @throws GrantsError when `DESKHAND_HOME` is relative, or neither it nor a home folder is known
 */
export function stateHome({ env, platform, homedir: home }: Surroundings): string {
  const path = platform === 'win32' ? win32 : posix;
  const { DESKHAND_HOME: own, XDG_STATE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (own) {
    if (path.isAbsolute(own)) return own;
    throw new GrantsError('state_home_invalid', `DESKHAND_HOME is ${own}, which is not an absolute path`, {
      hint: 'Set DESKHAND_HOME to an absolute path, or unset it.',
    });
  }
  if (platform === 'win32' && local) return path.join(local, 'Deskhand');
  const isXdg = platform !== 'win32' && platform !== 'darwin';
  if (isXdg && xdg && path.isAbsolute(xdg)) return path.join(xdg, 'deskhand');
  if (home === '') {
    throw new GrantsError('state_home_invalid', 'the system knows no home folder of this user', {
      hint: 'Set DESKHAND_HOME to an absolute path, or HOME.',
    });
  }
  if (platform === 'win32') return path.join(home, 'AppData', 'Local', 'Deskhand');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Deskhand');
  return path.join(home, '.local', 'state', 'deskhand');
}

/**
 * Creates the state folder when missing and makes it mode 0700.
 * @throws GrantsError when it is a link, belongs to another user, or others may write to it
 */
export const ensureStateHome = (path: string): void => makePrivateFolder(path);
