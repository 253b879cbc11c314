import { defineTool, quoted, ToolError, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { FindRequest } from '../page/api.ts';
import type { BrowserSession } from '../session.ts';
import { searchFrames, type Found } from '../snapshot/search.ts';

const LIMIT = 20;

const input = z.object({
  text: z.string().min(1).optional(),
  regex: z.string().min(1).optional(),
  role: z.string().min(1).optional().describe('Such as button'),
  limit: z.int().min(1).max(100).default(LIMIT),
  tab: z.string().optional(),
});

export const find = (session: BrowserSession): Tool =>
  defineTool({
    name: 'find',
    title: 'Find',
    description:
      'Finds elements by words, regular expression or role in the whole page; gives refs and context.',
    input,
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    run: async (asked, { signal }) => {
      const request = requestOf(asked);
      const { id, found } = await session.inTab(
        asked.tab,
        async (tab, within) => ({ id: tab.id, found: await searchFrames(tab.frames(), request, within) }),
        { signal },
      );
      return { text: answer(id, request, found), structured: { tab: id, complete: !found.isCut } };
    },
  });

function requestOf({ text, regex, role, limit }: z.output<typeof input>): FindRequest {
  if (text === undefined && regex === undefined && role === undefined) {
    throw new ToolError('bad_query', 'There is nothing to look for', {
      hint: 'Give text, regex or role.',
    });
  }
  if (regex !== undefined) check(regex);
  return {
    limit,
    ...(text !== undefined && { text }),
    ...(regex !== undefined && { regex }),
    ...(role !== undefined && { role }),
  };
}

function check(regex: string): void {
  try {
    new RegExp(regex, 'iu');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ToolError('bad_query', reason, { hint: 'Mend the expression, or use text.', cause });
  }
}

function answer(tab: string, { text, regex, role }: FindRequest, { lines, isCut, silent }: Found): string {
  const what = [
    role,
    text === undefined ? undefined : quoted(text, 100),
    regex === undefined ? undefined : quoted(`/${regex}/`, 100),
  ]
    .filter((word) => word !== undefined)
    .join(' ');
  const missing = silent.length === 0 ? [] : [`(frames that did not answer: ${silent.join(', ')})`];
  if (lines.length === 0) {
    const none = `Nothing in ${tab} matches ${what}. Use fewer words, scroll to load more, or take a snapshot.`;
    return [none, ...missing].join('\n');
  }
  const more = isCut ? ['(there are more: say more exactly what, or give limit)'] : [];
  const head = `${lines.length} in ${tab} for ${what}`;
  return untrustedAnswer(head, [...lines, ...more, ...missing], { from: 'the page' });
}
