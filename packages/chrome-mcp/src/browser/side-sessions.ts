import type { CdpSession, Connection } from '../cdp/connection.ts';

/** What is entered: a page, a frame in another process, or a worker. */
export type SideTarget = 'page' | 'iframe' | 'worker';

interface SideOptions {
  readonly connection: Connection;
  /** Of the page. */
  readonly targetId: string;
  readonly into: readonly SideTarget[];
  /** Sends the first commands to a session. */
  readonly begin: (session: CdpSession, type: SideTarget) => void;
}

/**
 * Sessions of their own for a tab, so that what is switched on in them disturbs nobody else's. Gives the way to leave
 * them all.
 */
export function enterBeside({ connection, targetId, into, begin }: SideOptions): () => void {
  const left = new AbortController();
  const filter = into.filter((type) => type !== 'page').map((type) => ({ type }));
  const enter = (session: CdpSession, type: SideTarget): void => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      const found = into.find((wanted) => wanted === targetInfo.type);
      if (found !== undefined) enter(connection.session(sessionId), found);
    });
    begin(session, type);
    const auto = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true, filter };
    session.send('Target.setAutoAttach', auto).catch(ignoreGone);
    // what it said before is not told by all kinds, so nothing runs in it until here
    session.send('Runtime.runIfWaitingForDebugger').catch(ignoreGone);
  };
  void connection.browser.send('Target.attachToTarget', { targetId, flatten: true }).then(({ sessionId }) => {
    const leave = (): void => {
      connection.browser.send('Target.detachFromTarget', { sessionId }).catch(ignoreGone);
    };
    if (left.signal.aborted) leave();
    else {
      left.signal.addEventListener('abort', leave);
      enter(connection.session(sessionId), 'page');
    }
  }, ignoreGone);
  return () => left.abort();
}

/** What is entered may go away at any time, which others tell. */
const ignoreGone = (): undefined => undefined;
