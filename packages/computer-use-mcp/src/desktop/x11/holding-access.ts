import { setTimeout as delay } from 'node:timers/promises';
import type { Judge, Keystroke } from '../desktop.ts';
import { DesktopBusy, DesktopUnavailable } from '../failure.ts';
import type { XConnection } from './connection.ts';
import { isMarked, letGoSafely, releaseLeftovers, type Down, type Settle } from './held.ts';
import type { Keyboard } from './keyboard.ts';
import type { OwnerSources } from './owners.ts';
import type { Delivery, Keyed } from './typing.ts';
import type { WindowList } from './window-list.ts';

/** Rounds of tries to let go on a display that stays busy, or does not answer. */
const ROUNDS = 3;
const SOON_MS = 200;

export const NEVER: AbortSignal = new AbortController().signal;

interface Parts {
  readonly x: XConnection;
  readonly keyboard: Keyboard;
  readonly list: WindowList;
}

/** What of the desktop holding needs. */
export interface HoldingAccess {
  readonly sources: OwnerSources;
  /** Gives the connection, and tries again while the desktop is in use or busy. */
  patiently<T>(body: (parts: Parts) => Promise<T>, signal: AbortSignal): Promise<T>;
  activate(window: number, signal: AbortSignal): Promise<boolean>;
  sendKeys(
    keystroke: Keystroke,
    judge: Judge,
    how: { readonly signal: AbortSignal; readonly deliver: Delivery },
  ): Promise<Keyed>;
}

export interface Hold {
  /** The connection that it was pressed or last judged on. */
  readonly x: XConnection;
  readonly down: Down;
  /** The window whose program is to see it go up; `null` for the one in front. */
  readonly window: number | null;
}

/** Lets go of what is held, also when its connection is lost or the display is busy for a while. */
export async function letGoOf({ x, down, window }: Hold, access: HoldingAccess): Promise<void> {
  for (let round = 1; ; round++) {
    try {
      await access.patiently(async (parts) => {
        const settle: Settle = (ms, answerMs) =>
          parts.list.settle(ms, { which: window ?? undefined, answerMs });
        if (parts.x === x) await letGoSafely(x, down, settle);
        else await releaseLeftovers(parts.x, settle);
      }, NEVER);
      return;
    } catch (error) {
      if (!(error instanceof DesktopBusy || error instanceof DesktopUnavailable)) throw error;
      // on a display that is gone nothing is held; what is still down on another one stands on its root window, for
      // whoever acts next
      if (round === ROUNDS) return;
      // a display that did not answer in time may do so soon
      if (error instanceof DesktopUnavailable) await delay(SOON_MS);
    }
  }
}

/**
 * What is down outlives a connection that the watchdog ended, and not the server.
 * @throws DesktopUnavailable when it is not held on this connection
 */
export async function refuseUnheld(x: XConnection, held: Omit<Hold, 'window'> | null): Promise<void> {
  if (held !== null && (x === held.x || (await isMarked(x, held.down)))) return;
  throw new DesktopUnavailable('the connection was lost, and what was held with it');
}
