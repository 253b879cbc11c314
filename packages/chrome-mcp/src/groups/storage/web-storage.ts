import { defineTool, quoted, ToolError, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { BrowserSession } from '../../session.ts';
import { frameOf } from '../../tools/element.ts';
import { fitting } from '../answer-size.ts';
import { hidden } from '../masking.ts';
import { Area } from './area.ts';

export const webStorage = (session: BrowserSession): Tool =>
  defineTool({
    name: 'web_storage',
    title: 'Local and session storage',
    description:
      'Lists, sets, deletes or clears what the page keeps in local or session storage; values only if values is true.',
    input: z.object({
      action: z.enum(['list', 'set', 'delete', 'clear']).default('list'),
      area: z.enum(['local', 'session']).default('local'),
      key: z.string().optional(),
      value: z.string().optional(),
      values: z.boolean().default(false),
      frame: z.int().nonnegative().default(0),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: true },
    run: ({ action, area: kind, frame, tab: id, ...given }, { signal }) =>
      session.inTab(
        id,
        async (tab, within) => {
          const area = await Area.of(frameOf(tab, frame), kind, within);
          return { text: await done(area, { action, kind, ...given }, within) };
        },
        { signal },
      ),
  });

interface Asked {
  readonly action: 'list' | 'set' | 'delete' | 'clear';
  readonly kind: 'local' | 'session';
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly values: boolean;
}

async function done(
  area: Area,
  { action, kind, key, value, values }: Asked,
  signal: AbortSignal,
): Promise<string> {
  if (action === 'clear') {
    await area.clear(signal);
    return `The ${kind} storage is empty.`;
  }
  if (action === 'list') return listed(await area.entries(signal), { key, values });
  if (key === undefined) throw misfit(`${action} needs key`);
  if (action === 'delete') {
    await area.remove(key, signal);
    return `Deleted ${quoted(key, 200)}.`;
  }
  if (value === undefined) throw misfit('set needs value');
  await area.set(key, value, signal);
  return `Set ${quoted(key, 200)}.`;
}

const misfit = (message: string): ToolError =>
  new ToolError('invalid_arguments', message, {
    hint: 'Such as {"action": "set", "key": "a", "value": "b"}.',
  });

function listed(
  entries: readonly (readonly [string, string])[],
  { key, values }: { readonly key: string | undefined; readonly values: boolean },
): string {
  const wanted = entries.filter(([name]) => key === undefined || name === key);
  const { lines, left } = fitting(
    wanted.map(([name, value]) => `${quoted(name, 200)} = ${values ? quoted(value, 4_000) : hidden(value)}`),
  );
  const more = left === 0 ? [] : [`(${left} more: ask with key)`];
  return untrustedAnswer(`${wanted.length} entries`, [...lines, ...more], { from: 'the page' });
}
