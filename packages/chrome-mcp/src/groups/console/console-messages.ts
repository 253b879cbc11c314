import { defineTool, quoted, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { BrowserSession } from '../../session.ts';
import { fitting } from '../answer-size.ts';
import { levels, type Place } from './message.ts';
import type { Entry, MessageLog } from './message-log.ts';

export const consoleMessages = (session: BrowserSession, log: MessageLog): Tool =>
  defineTool({
    name: 'console_messages',
    title: 'Console messages',
    description:
      'What the page said to the console and the errors nobody caught, newest first, repeats counted.',
    input: z.object({
      level: z.enum(levels).optional().describe('This and worse'),
      text: z.string().min(1).optional().describe('Only those with these words'),
      since: z.int().nonnegative().default(0).describe('Mark of an earlier answer'),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    run: async ({ level = 'debug', text = '', since, tab: id }, { signal }) => {
      const tab = await session.tab(id, signal);
      const all = log.entries(tab.id, since);
      const worst = levels.slice(0, levels.indexOf(level) + 1);
      const wanted = all
        .filter((entry) => worst.includes(entry.level))
        .filter((entry) => entry.text.toLowerCase().includes(text.toLowerCase()));
      const turn = log.lastTurn(tab.id)?.at ?? 0;
      const { lines, left } = fitting(withTurn(wanted, turn));
      const more = left === 0 ? [] : [`(${left} older ones do not fit: ask with level, text or since)`];
      const head = `${tab.id}: ${wanted.length} of ${all.length} messages; the mark is now ${log.mark}`;
      return {
        text: untrustedAnswer(head, [...lines, ...more], { from: 'the page' }),
        structured: { mark: log.mark },
      };
    },
  });

/** With a line where the page of now begins, if some are of pages before it. */
function withTurn(entries: readonly Entry[], turn: number): readonly string[] {
  const now = entries.filter(({ at }) => at > turn);
  const before = entries.slice(now.length);
  return [
    ...now.map(lineOf),
    ...(before.length > 0 && turn > 0 ? ['(of the page before:)'] : []),
    ...before.map(lineOf),
  ];
}

const lineOf = ({ id, level, from, text, place, count }: Entry): string => {
  const times = count === 1 ? '' : ` (${count} times)`;
  const who = from === 'page' ? '' : ` (${from})`;
  return `${id} ${level}${who} ${quoted(text, 300)}${place === null ? '' : ` at ${shortPlace(place)}`}${times}`;
};

/** Lines and columns as people count them. */
const shortPlace = ({ url, line, column }: Place): string =>
  quoted(`${url.slice(0, 200)}:${line + 1}:${column + 1}`);
