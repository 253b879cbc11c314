import { Recent } from '@deskhand/server-runtime';
import type { Protocol } from 'devtools-protocol';
import type { CdpSession } from '../../cdp/connection.ts';
import {
  answered,
  askedIn,
  begun,
  LEFT,
  type Asked,
  type Beginning,
  type Exchange,
  type Headers,
} from './exchange.ts';
import { hearSockets } from './sockets.ts';

const MOST_EXCHANGES = 1_000;
const MOST_RUNNING = 500;

/** The last thousand requests of the tabs of a session. */
export class ExchangeLog {
  readonly #exchanges = new Map<number, Exchange>();
  #lastId = 0;

  /** Newest first. */
  of(tab: string): readonly Exchange[] {
    return [...this.#exchanges.values()].filter((exchange) => exchange.tab === tab).reverse();
  }

  exchange(id: number): Exchange | null {
    return this.#exchanges.get(id) ?? null;
  }

  /** Where it has got to. */
  get mark(): number {
    return this.#lastId;
  }

  /** Hears what one process of a tab sends, until the function that comes back is called. */
  follow(tab: string, session: CdpSession): () => void {
    // headers as they were sent may be told after the end
    const running = new Recent<string, Exchange>(MOST_RUNNING);
    const early = new Map<string, Headers>();
    const told = new WeakSet<Exchange>();
    const tell = (exchange: Exchange, headers: Headers): void => {
      exchange.requestHeaders = headers;
      told.add(exchange);
    };
    const settle = (requestId: string): void => {
      const [exchange, headers] = [running.get(requestId), early.get(requestId)];
      if (exchange !== undefined && headers !== undefined) tell(exchange, headers);
      early.delete(requestId);
    };
    const stops = [
      session.on('Network.requestWillBeSent', (event) => {
        const from = redirected(running.get(event.requestId), event);
        const { requestId } = event;
        const exchange = this.begin({ tab, session, requestId, from }, askedIn(event));
        running.set(requestId, exchange);
        settle(requestId);
      }),
      session.on('Network.requestWillBeSentExtraInfo', ({ requestId, headers }) => {
        const exchange = running.get(requestId);
        // those of the next hop may come before the hop itself
        if (exchange === undefined || told.has(exchange)) early.set(requestId, headers);
        else tell(exchange, headers);
      }),
      session.on('Network.responseReceivedExtraInfo', ({ requestId, headers, statusCode }) => {
        const exchange = running.get(requestId);
        const isOfHopBefore =
          exchange?.answer === null && exchange.from !== null && statusCode < 400 && statusCode >= 300;
        const whose = isOfHopBefore ? this.exchange(exchange.from) : exchange;
        if (whose != null) whose.responseHeaders = headers;
      }),
      session.on('Network.responseReceived', ({ requestId, response, type }) => {
        const exchange = running.get(requestId);
        if (exchange === undefined) return;
        exchange.type = type.toLowerCase();
        answered(exchange, response);
      }),
      session.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) => {
        settle(requestId); // asked twice, the second time with a name and a password
        ended(running, { requestId, timestamp, size: encodedDataLength, failure: null });
      }),
      session.on('Network.loadingFailed', ({ requestId, timestamp, ...event }) => {
        ended(running, { requestId, timestamp, size: null, failure: failureOf(event) });
      }),
      // what a page that was left had asked for for itself, such as its icon, is not always told to its end
      session.on('Page.frameNavigated', ({ frame: { id, loaderId } }) =>
        this.#leave(session, ({ frame, loader }) => frame === id && loader !== loaderId),
      ),
      session.on('Page.frameDetached', ({ frameId, reason }) => {
        if (reason === 'remove') this.#leave(session, ({ frame }) => frame === frameId);
      }),
      ...hearSockets(this, { tab, session }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  begin(beginning: Omit<Beginning, 'id'>, asked: Asked): Exchange {
    this.#lastId += 1;
    const exchange = begun({ ...beginning, id: this.#lastId }, asked);
    this.#exchanges.set(exchange.id, exchange);
    this.#exchanges.delete(exchange.id - MOST_EXCHANGES);
    return exchange;
  }

  #leave(session: CdpSession, isLeft: (document: NonNullable<Exchange['document']>) => boolean): void {
    for (const exchange of this.#exchanges.values())
      if (exchange.session === session && exchange.took === null && exchange.document !== null)
        if (isLeft(exchange.document)) exchange.failure ??= LEFT;
  }
}

/** Ends the hop before with the answer that led on; gives its number. */
function redirected(
  before: Exchange | undefined,
  { redirectResponse, timestamp }: Protocol.Network.RequestWillBeSentEvent,
): number | null {
  if (before === undefined || redirectResponse === undefined) return null;
  answered(before, redirectResponse);
  before.took = timestamp - before.began;
  before.size = redirectResponse.encodedDataLength;
  return before.id;
}

interface End {
  readonly requestId: string;
  readonly timestamp: number;
  readonly size: number | null;
  readonly failure: string | null;
}

function ended(running: Recent<string, Exchange>, { requestId, timestamp, size, failure }: End): void {
  const exchange = running.get(requestId);
  if (exchange === undefined) return;
  Object.assign(exchange, { took: timestamp - exchange.began, size, failure });
}

const failureOf = ({
  errorText,
  blockedReason,
  canceled,
}: Pick<Protocol.Network.LoadingFailedEvent, 'errorText' | 'blockedReason' | 'canceled'>): string =>
  blockedReason !== undefined ? `blocked (${blockedReason})` : canceled === true ? 'given up' : errorText;
