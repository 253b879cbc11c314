import type { Protocol } from 'devtools-protocol';
import type { CdpSession } from '../../cdp/connection.ts';

export type Headers = Readonly<Record<string, string>>;

/** A request and what came of it, as far as it has got. */
export interface Exchange {
  readonly id: number;
  readonly tab: string;
  /** Of the process that knows its bodies. */
  readonly session: CdpSession;
  /** As the protocol names it; the hops of a redirect share it. */
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  /** As the protocol has it, in small letters. */
  type: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Seconds on the clock of the browser. */
  readonly began: number;
  readonly initiator: Protocol.Network.Initiator | null;
  /** The document that asked, by its frame and its loader; `null` for a socket or a worker. */
  readonly document: { readonly frame: string; readonly loader: string } | null;
  /** The exchange whose answer led here. */
  readonly from: number | null;
  requestHeaders: Headers;
  readonly postData: string | null;
  readonly hasPostData: boolean;
  answer: Answered | null;
  responseHeaders: Headers;
  /** Seconds, from the beginning to the end. */
  took: number | null;
  /** Bytes on the wire. */
  size: number | null;
  /** Why there is no answer. */
  failure: string | null;
  /** Of a WebSocket. */
  messages: number;
}

export interface Answered {
  readonly status: number;
  readonly statusText: string;
  readonly mimeType: string;
  readonly protocol: string;
  readonly remote: string;
  readonly source: 'network' | 'cache' | 'service worker';
}

/** The failure of what a page did not wait for to the end. */
export const LEFT = 'its page was left';

/** Characters of what was sent that are kept. */
const MOST_SENT = 20_000;

/** Whose it is and how it is known. */
export type Beginning = Pick<Exchange, 'id' | 'tab' | 'session' | 'requestId' | 'from'>;
export type Asked = Pick<Exchange, 'method' | 'url' | 'type' | 'startedAt' | 'began' | 'initiator'> &
  Partial<Pick<Exchange, 'document' | 'requestHeaders' | 'postData' | 'hasPostData'>>;

export const begun = (beginning: Beginning, asked: Asked): Exchange => ({
  ...{ requestHeaders: {}, responseHeaders: {}, postData: null, hasPostData: false },
  ...{ answer: null, took: null, size: null, failure: null, messages: 0, document: null },
  ...beginning,
  ...asked,
});

/** What was told of it at once, which may be nothing. */
function sentIn({ postDataEntries: parts = [] }: Protocol.Network.Request): string | null {
  const sent = Buffer.concat(parts.map(({ bytes = '' }) => Buffer.from(bytes, 'base64'))).toString('utf8');
  return sent === '' ? null : sent.slice(0, MOST_SENT);
}

/** What a page asks for, as the browser tells it. */
export const askedIn = ({
  request,
  type = 'Other',
  timestamp: began,
  wallTime,
  initiator,
  frameId,
  loaderId,
}: Protocol.Network.RequestWillBeSentEvent): Asked => ({
  ...{ method: request.method, url: request.url + (request.urlFragment ?? ''), type: type.toLowerCase() },
  ...{ startedAt: wallTime * 1000, began, initiator, requestHeaders: request.headers },
  ...{ postData: sentIn(request), hasPostData: request.hasPostData === true },
  document: frameId === undefined || loaderId === '' ? null : { frame: frameId, loader: loaderId },
});

export function answered(exchange: Exchange, response: Protocol.Network.Response): void {
  const { status, statusText, mimeType, protocol = '', remoteIPAddress = '', remotePort } = response;
  const isCached = response.fromDiskCache === true || response.fromPrefetchCache === true;
  exchange.answer = {
    ...{ status, statusText, mimeType, protocol },
    remote: remoteIPAddress === '' ? '' : `${remoteIPAddress}:${remotePort ?? 0}`,
    source: response.fromServiceWorker === true ? 'service worker' : isCached ? 'cache' : 'network',
  };
  if (Object.keys(exchange.responseHeaders).length === 0) exchange.responseHeaders = response.headers;
}
