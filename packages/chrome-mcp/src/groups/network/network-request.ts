import {
  defineTool,
  fencedText,
  quoted,
  ToolError,
  untrustedAnswer,
  type Tool,
} from '@deskhand/server-runtime';
import { z } from 'zod';
import type { BrowserSession } from '../../session.ts';
import { fitting } from '../answer-size.ts';
import { requestBody, responseBody } from './body.ts';
import type { Exchange, Headers } from './exchange.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { maskedHeaders } from './masking.ts';

/** Characters of a body that an answer shows. */
const MOST_SHOWN = 3_000;
const MOST_HEADERS = 2_000;

export const networkRequest = (session: BrowserSession, log: ExchangeLog): Tool =>
  defineTool({
    name: 'network_request',
    title: 'Network request',
    description:
      'One request whole: way, headers with secrets masked, bodies up to 3,000 characters or whole to files.',
    input: z.object({
      id: z.int().describe('Of network_requests'),
      files: z.boolean().optional().describe('Write bodies to files'),
    }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    run: async ({ id, files = false }, { signal }) => {
      const exchange = log.exchange(id);
      if (exchange === null) {
        throw new ToolError('no_such_request', `There is no request ${id}`, {
          hint: 'network_requests lists those there are; the oldest make room for new ones.',
        });
      }
      const sent = await requestBody(exchange, signal);
      const got = await responseBody(exchange, signal);
      const toFile = async (stem: string, data: Buffer): Promise<readonly string[]> => [
        `${data.length} bytes are in ${await session.files.write(stem, 'body', data)}`,
      ];
      const lines = [
        ...aboutLines(exchange),
        'Request headers:',
        ...headerLines(exchange.requestHeaders),
        ...(sent === null
          ? []
          : ['Sent:', ...(files ? await toFile(`request-${id}`, Buffer.from(sent)) : shown(sent))]),
        ...(exchange.answer === null ? [] : ['Answer headers:', ...headerLines(exchange.responseHeaders)]),
        ...(got === null ? noBody(exchange) : []),
        ...(got === null || got.data.length === 0
          ? []
          : [
              'Answer:',
              ...(files || !got.isText
                ? await toFile(`response-${id}`, got.data)
                : shown(got.data.toString('utf8'))),
            ]),
      ];
      const head = `${id} ${exchange.method} ${quoted(exchange.url, 2_000)}`;
      return { text: untrustedAnswer(head, lines, { from: 'the page' }) };
    },
  });

function aboutLines({
  type,
  answer,
  failure,
  took,
  size,
  from,
  startedAt,
  messages,
  initiator,
}: Exchange): readonly string[] {
  const { status = 0, statusText = '', protocol = '', remote = '', source = '' } = answer ?? {};
  const [caller] = initiator?.stack?.callFrames ?? [];
  const by = caller === undefined ? initiator?.url : `${caller.url}:${caller.lineNumber + 1}`;
  return [
    `${type}, begun ${new Date(startedAt).toISOString()}${took === null ? ', not ended' : `, took ${Math.round(took * 1000)} ms`}`,
    ...(answer === null
      ? []
      : [`status ${status} ${quoted(statusText, 60)} from ${source}, ${protocol} ${remote}, ${size ?? 0} B`]),
    ...(failure === null ? [] : [`failed: ${quoted(failure, 200)}`]),
    ...(from === null ? [] : [`redirected from request ${from}`]),
    ...(by === undefined || by === '' ? [] : [`asked for by ${quoted(by, 200)}`]),
    ...(messages === 0 ? [] : [`${messages} messages`]),
  ];
}

function headerLines(headers: Headers): readonly string[] {
  const all = maskedHeaders(headers).map(([name, value]) => `  ${quoted(`${name}: ${value}`, 300)}`);
  const { lines, left } = fitting(all, MOST_HEADERS);
  return left === 0 ? lines : [...lines, `  (and ${left} more)`];
}

function shown(text: string): readonly string[] {
  const left = text.length - MOST_SHOWN;
  const { lines } = fencedText(text.slice(0, MOST_SHOWN));
  return left <= 0 ? lines : [...lines, `(${left} more characters: files writes all)`];
}

const noBody = ({ answer, took, type }: Exchange): readonly string[] =>
  answer === null || took === null || type === 'websocket'
    ? []
    : ["The browser does not have the answer's body any more."];
