import type { CdpSession } from '../../cdp/connection.ts';
import type { Exchange } from './exchange.ts';
import type { ExchangeLog } from './exchange-log.ts';

/** WebSockets are exchanges that go on; their messages are counted, not kept. Gives the ways to stop. */
export function hearSockets(
  log: ExchangeLog,
  { tab, session }: { readonly tab: string; readonly session: CdpSession },
): readonly (() => void)[] {
  const open = new Map<string, Exchange>();
  const spoke = ({ requestId }: { readonly requestId: string }): void => {
    const exchange = open.get(requestId);
    if (exchange !== undefined) exchange.messages += 1;
  };
  return [
    session.on('Network.webSocketCreated', ({ requestId, url, initiator = null }) => {
      const asked = { method: 'GET', url, type: 'websocket', startedAt: Date.now(), began: 0, initiator };
      open.set(requestId, log.begin({ tab, session, requestId, from: null }, asked));
    }),
    session.on('Network.webSocketHandshakeResponseReceived', ({ requestId, response }) => {
      const exchange = open.get(requestId);
      if (exchange === undefined) return;
      const { status, statusText, headers } = response;
      exchange.requestHeaders = response.requestHeaders ?? {};
      exchange.responseHeaders = headers;
      exchange.answer = {
        status,
        statusText,
        mimeType: '',
        protocol: 'websocket',
        remote: '',
        source: 'network',
      };
    }),
    session.on('Network.webSocketFrameSent', spoke),
    session.on('Network.webSocketFrameReceived', spoke),
    session.on('Network.webSocketFrameError', ({ requestId, errorMessage }) => {
      const exchange = open.get(requestId);
      if (exchange !== undefined) exchange.failure = errorMessage;
    }),
    session.on('Network.webSocketClosed', ({ requestId }) => void open.delete(requestId)),
  ];
}
