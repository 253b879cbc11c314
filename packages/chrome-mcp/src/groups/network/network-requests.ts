import { defineTool, quoted, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { BrowserSession } from '../../session.ts';
import { fitting } from '../answer-size.ts';
import { LEFT, type Exchange } from './exchange.ts';
import type { ExchangeLog } from './exchange-log.ts';

/** What pages consist of, and a list mostly need not name when it came. */
const PARTS = ['image', 'font', 'stylesheet', 'script', 'media', 'other', 'manifest', 'ping'];

export const networkRequests = (session: BrowserSession, log: ExchangeLog): Tool =>
  defineTool({
    name: 'network_requests',
    title: 'Network requests',
    description:
      'What the page asked for since the group is on, newest first; same ones folded, parts of pages counted.',
    input: z.object({
      type: z.string().min(1).optional().describe('document, fetch, xhr, script, image, websocket, …'),
      status: z
        .string()
        .regex(/^(?:\d{3}|\dxx|failed|pending)$/i)
        .optional()
        .describe('404, 4xx, failed or pending'),
      text: z.string().min(1).optional().describe('Part of the address'),
      since: z.int().nonnegative().default(0).describe('Mark of an earlier answer'),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    run: async ({ type, status, text = '', since, tab: id }, { signal }) => {
      const tab = await session.tab(id, signal);
      const all = log.of(tab.id).filter((exchange) => exchange.id > since);
      const wanted = all
        .filter((exchange) => type === undefined || exchange.type === type.toLowerCase())
        .filter((exchange) => status === undefined || hasStatus(exchange, status.toLowerCase()))
        .filter(({ url }) => url.toLowerCase().includes(text.toLowerCase()));
      const isNarrow = type !== undefined || status !== undefined || text !== '';
      const named = isNarrow ? wanted : wanted.filter((exchange) => !isQuietPart(exchange));
      const { lines, left } = fitting(folded(named));
      const notes = [
        ...(left === 0 ? [] : [`(${left} older ones do not fit: ask with type, status, text or since)`]),
        ...countedParts(wanted.filter((exchange) => !named.includes(exchange))),
      ];
      const head = `${tab.id}: ${wanted.length} of ${all.length} requests; the mark is now ${log.mark}`;
      const empty =
        log.mark === 0
          ? ['(Nothing yet: those of before the group was on are not known; reload the page.)']
          : [];
      return {
        text: untrustedAnswer(head, [...lines, ...notes, ...empty], { from: 'the page' }),
        structured: { mark: log.mark },
      };
    },
  });

const statusOf = ({ answer, failure, took }: Exchange): string =>
  failure !== null ? 'failed' : answer !== null ? String(answer.status) : took === null ? 'pending' : '-';

function hasStatus(exchange: Exchange, wanted: string): boolean {
  const status = statusOf(exchange);
  return wanted.endsWith('xx') ? status.length === 3 && status[0] === wanted[0] : status === wanted;
}

const isQuietPart = (exchange: Exchange): boolean =>
  PARTS.includes(exchange.type) &&
  (/^(?:[23]..|pending)$/.test(statusOf(exchange)) || exchange.failure === LEFT);

/** Of those that ask the same and got the same, the newest stands for all. */
function folded(exchanges: readonly Exchange[]): readonly string[] {
  const byKey = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    const key = [
      exchange.method,
      exchange.url.replace(/[?#].*/s, ''),
      statusOf(exchange),
      exchange.type,
    ].join(' ');
    byKey.set(key, [...(byKey.get(key) ?? []), exchange]);
  }
  return [...byKey.values()].flatMap(([newest, ...older]) =>
    newest === undefined ? [] : [lineOf(newest, older)],
  );
}

function lineOf(exchange: Exchange, older: readonly Exchange[]): string {
  const { id, method, url, type, failure, took, size, messages, from } = exchange;
  const facts = [
    took === null ? '' : `${Math.round(took * 1000)} ms`,
    size === null ? '' : `${size} B`,
    messages === 0 ? '' : `${messages} messages`,
    from === null ? '' : `redirected from ${from}`,
    older.length === 0 ? '' : `${older.length} like it, such as ${older[0]?.id ?? ''}`,
  ].filter((fact) => fact !== '');
  const why = failure === null ? '' : ` ${quoted(failure, 80)}`;
  return `${id} ${method} ${statusOf(exchange)}${why} ${type} ${quoted(url, 200)}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

function countedParts(parts: readonly Exchange[]): readonly string[] {
  if (parts.length === 0) return [];
  const counts = PARTS.map((type) => ({ type, count: parts.filter((part) => part.type === type).length }));
  const told = counts.filter(({ count }) => count > 0).map(({ type, count }) => `${count} ${type}`);
  return [`(and parts of pages that came: ${told.join(', ')}; type lists them)`];
}
