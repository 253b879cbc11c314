import type { CdpSession, Connection } from '../cdp/connection.ts';
import type { OpenDialog } from './dialog.ts';

/** A page as it was made: attached to, with the dialog that its first script may have opened. */
export interface Met {
  readonly session: CdpSession;
  readonly dialog: OpenDialog | null;
}

interface Meeting {
  readonly session: CdpSession;
  dialog: OpenDialog | null;
  isTaken: boolean;
  readonly stop: () => void;
}

/**
 * Has a browser of ours attach to pages as it makes them: what a window says before anybody could ask for it is heard.
 * Nothing in them is switched on by that.
 */
export class Meetings {
  readonly #connection: Connection;
  readonly #met = new Map<string, Meeting>();

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.browser.on('Target.attachedToTarget', ({ sessionId, targetInfo: { type, targetId } }) => {
      // later ones are asked for
      if (type === 'page' && !this.#met.has(targetId))
        this.#met.set(targetId, meetingIn(connection, sessionId));
    });
    connection.browser.on('Target.targetDestroyed', ({ targetId }) => void this.#met.delete(targetId));
  }

  async begin(signal: AbortSignal): Promise<void> {
    const how = {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
      filter: [{ type: 'page' }],
    };
    await this.#connection.browser.send('Target.setAutoAttach', how, { signal });
  }

  /** For whoever uses the page first; `null` for everybody else. */
  take(targetId: string): Met | null {
    const met = this.#met.get(targetId);
    if (met === undefined || met.isTaken) return null;
    met.isTaken = true;
    met.stop();
    return met;
  }
}

function meetingIn(connection: Connection, sessionId: string): Meeting {
  const session = connection.session(sessionId);
  const stops = [
    session.on('Page.javascriptDialogOpening', ({ type, message, defaultPrompt = '', url }) => {
      meeting.dialog = { type, message, suggestion: defaultPrompt, url };
    }),
    session.on('Page.javascriptDialogClosed', () => {
      meeting.dialog = null;
    }),
  ];
  const stop = (): void => {
    for (const one of stops) one();
  };
  const meeting: Meeting = { session, dialog: null, isTaken: false, stop };
  return meeting;
}
