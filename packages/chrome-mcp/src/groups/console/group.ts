import { enterBeside } from '../../browser/side-sessions.ts';
import type { Tab } from '../../browser/tab.ts';
import type { CdpSession } from '../../cdp/connection.ts';
import type { Group } from '../group.ts';
import { calledMessage, loggedMessage, thrownMessage, type Message } from './message.ts';
import { MessageLog } from './message-log.ts';
import { consoleMessage } from './console-message.ts';
import { consoleMessages } from './console-messages.ts';

/** How many steps back over timers and promises a stack tells. */
const ASYNC_DEPTH = 8;

export const consoleGroup: Group = {
  name: 'console',
  about: 'messages, uncaught errors with their sources',
  offers: ['console_messages', 'console_message'],
  open: (session) => {
    const log = new MessageLog();
    const stop = session.attached.follow((tab) => listen(tab, log));
    return { tools: [consoleMessages(session, log), consoleMessage(session, log)], close: stop };
  },
};

/** In sessions of its own: what a page is told to tell is also told of what was before. */
function listen(tab: Tab, log: MessageLog): () => void {
  const { connection, targetId, id } = tab;
  const heard = (message: Message | null): void => {
    if (message !== null) log.add(id, message);
  };
  const leave = enterBeside({
    ...{ connection, targetId, into: ['page', 'iframe', 'worker'] },
    begin: (session, type) => begin(session, { heard, isWorker: type === 'worker' }),
  });
  const deaf = tab.activity.on((event) => {
    if (event.kind === 'navigated' && event.isMain) log.turned(id, event.url);
  });
  return () => {
    leave();
    deaf();
  };
}

interface Hearing {
  readonly heard: (message: Message | null) => void;
  readonly isWorker: boolean;
}

function begin(session: CdpSession, { heard, isWorker }: Hearing): void {
  session.on('Runtime.consoleAPICalled', (event) => heard(calledMessage(event)));
  session.on('Runtime.exceptionThrown', (event) => heard(thrownMessage(event)));
  session.on('Log.entryAdded', (event) => heard(loggedMessage(event)));
  const started = [
    session.send('Runtime.enable'),
    session.send('Runtime.setAsyncCallStackDepth', { maxDepth: ASYNC_DEPTH }),
    ...(isWorker ? [] : [session.send('Log.enable')]),
  ];
  // what goes away meanwhile says no more
  for (const one of started) one.catch(() => undefined);
}
