import { enterBeside } from '../../browser/side-sessions.ts';
import type { Tab } from '../../browser/tab.ts';
import type { Group } from '../group.ts';
import { ExchangeLog } from './exchange-log.ts';
import { networkHar } from './network-har.ts';
import { networkRequest } from './network-request.ts';
import { networkRequests } from './network-requests.ts';
import { networkRoute } from './network-route.ts';
import { Routes } from './routes.ts';

export const networkGroup: Group = {
  name: 'network',
  about: 'requests with bodies, HAR, blocking, mocks',
  offers: ['network_requests', 'network_request', 'network_har', 'network_route'],
  open: (session) => {
    const log = new ExchangeLog();
    const routes = new Routes(session);
    const stop = session.attached.follow((tab) => listen(tab, log));
    return {
      tools: [
        networkRequests(session, log),
        networkRequest(session, log),
        networkHar(session, log),
        networkRoute(routes),
      ],
      close: () => {
        stop();
        // the tabs may be gone already, and their routes with them
        routes.remove('all').catch(() => undefined);
      },
    };
  },
};

/** Pages and frames tell of requests anyway; workers are entered for it. */
function listen(tab: Tab, log: ExchangeLog): () => void {
  const { connection, targetId } = tab;
  const deaf = tab.sessions.follow((session) => log.follow(tab.id, session));
  const leave = enterBeside({
    ...{ connection, targetId, into: ['page', 'iframe', 'worker'] },
    begin: (session, type) => {
      if (type !== 'worker') return;
      log.follow(tab.id, session);
      session.send('Network.enable', {}).catch(() => undefined); // it has ended meanwhile
    },
  });
  return () => {
    deaf();
    leave();
  };
}
