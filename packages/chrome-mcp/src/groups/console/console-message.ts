import {
  defineTool,
  fencedText,
  quoted,
  ToolError,
  untrustedAnswer,
  type Tool,
} from '@deskhand/server-runtime';
import type { Protocol } from 'devtools-protocol';
import { z } from 'zod';
import type { BrowserSession } from '../../session.ts';
import { fitting } from '../answer-size.ts';
import { placeOf } from './message.ts';
import type { MessageLog } from './message-log.ts';
import { Sources } from './sources.ts';

/** Frames of one stack that are shown. */
const MOST_FRAMES = 30;

export const consoleMessage = (session: BrowserSession, log: MessageLog): Tool =>
  defineTool({
    name: 'console_message',
    title: 'Console message',
    description: 'One message whole, with its stack by the sources that the page was built from.',
    input: z.object({ id: z.int() }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    run: async ({ id }, { signal }) => {
      const entry = log.entry(id);
      if (entry === null) {
        throw new ToolError('no_such_message', `There is no message ${id}`, {
          hint: 'console_messages lists those there are; the oldest make room for new ones.',
        });
      }
      const stack = await session.inTab(
        entry.tab,
        (tab, within) => stackLines(entry.stack, new Sources(tab), within),
        { signal },
      );
      const { lines, left } = fitting([...fencedText(entry.text).lines, ...stack]);
      const head = `${entry.id} ${entry.level}, ${entry.count === 1 ? 'once' : `${entry.count} times`}`;
      const cut = left === 0 ? [] : [`(${left} lines left out)`];
      return { text: untrustedAnswer(head, [...lines, ...cut], { from: 'the page' }) };
    },
  });

async function stackLines(
  stack: Protocol.Runtime.StackTrace | null,
  sources: Sources,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let part = stack; part !== null && lines.length < MOST_FRAMES; part = part.parent ?? null) {
    if (part !== stack) lines.push(`after ${quoted(part.description ?? 'something that waited', 60)}:`);
    for (const frame of part.callFrames.slice(0, MOST_FRAMES - lines.length)) {
      const { url, line, column, name } = await sources.origin(placeOf(frame), signal);
      const of = name ?? frame.functionName;
      const where = quoted(`${url.slice(-200)}:${line + 1}:${column + 1}`);
      lines.push(`  at ${of === '' ? '' : `${quoted(of, 100)} `}${where}`);
    }
  }
  return lines;
}
