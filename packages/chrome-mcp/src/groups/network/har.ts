import type { Body } from './body.ts';
import type { Exchange, Headers } from './exchange.ts';
import { maskedHeaders } from './masking.ts';

export interface HarPart {
  readonly exchange: Exchange;
  readonly sent: string | null;
  readonly got: Body | null;
}

/** An HTTP archive (HAR 1.2), oldest first; cookies and keys are masked. */
export const harOf = (parts: readonly HarPart[], version: string): string =>
  JSON.stringify(
    {
      log: {
        version: '1.2',
        creator: { name: '@deskhand/chrome-mcp', version },
        pages: [],
        entries: parts.map(entryOf),
      },
    },
    undefined,
    1,
  );

function entryOf({ exchange, sent, got }: HarPart): object {
  const { method, url, startedAt, took, requestHeaders, responseHeaders, answer, failure, size } = exchange;
  const { status = 0, statusText = '', mimeType = '', protocol = '' } = answer ?? {};
  const ms = (took ?? 0) * 1000;
  const text = { httpVersion: protocol, cookies: [], headersSize: -1 };
  return {
    startedDateTime: new Date(startedAt).toISOString(),
    time: ms,
    request: {
      ...{ method, url, ...text, headers: pairsOf(requestHeaders), queryString: queryOf(url) },
      bodySize: sent === null ? 0 : Buffer.byteLength(sent),
      ...(sent !== null && { postData: { mimeType: contentType(requestHeaders), text: sent } }),
    },
    response: {
      ...{
        status,
        statusText,
        ...text,
        headers: pairsOf(responseHeaders),
        redirectURL: '',
        bodySize: size ?? -1,
      },
      content: { size: got?.data.length ?? 0, mimeType, ...contentOf(got) },
      ...(failure !== null && { _error: failure }),
    },
    cache: {},
    timings: { send: 0, wait: ms, receive: 0 },
    _resourceType: exchange.type,
  };
}

const contentOf = (got: Body | null): object => {
  if (got === null) return {};
  return got.isText
    ? { text: got.data.toString('utf8') }
    : { text: got.data.toString('base64'), encoding: 'base64' };
};

const pairsOf = (headers: Headers): readonly object[] =>
  maskedHeaders(headers).map(([name, value]) => ({ name, value }));

const queryOf = (url: string): readonly object[] =>
  URL.canParse(url) ? [...new URL(url).searchParams].map(([name, value]) => ({ name, value })) : [];

const contentType = (headers: Headers): string =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
