import { defineTool, quoted, ToolError, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { Route } from './route.ts';
import type { Routes } from './routes.ts';

const MOST_ROUTES = 50;
const MOST_DELAY_MS = 60_000;

export const networkRoute = (routes: Routes): Tool =>
  defineTool({
    name: 'network_route',
    title: 'Network routes',
    description:
      'Blocks, answers itself or delays requests whose address fits url, in all tabs; without url lists what holds.',
    input: z.object({
      url: z
        .string()
        .min(1)
        .max(500)
        .optional()
        .describe('Part of an address, or all of it with * for anything'),
      method: z.string().min(1).optional(),
      block: z.boolean().optional(),
      status: z.int().min(200).max(599).optional(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.string().max(1_000_000).optional(),
      delay: z.int().min(0).max(MOST_DELAY_MS).default(0).describe('Milliseconds'),
      remove: z
        .union([z.array(z.int()), z.literal('all')])
        .optional()
        .describe('Numbers of routes'),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
    run: async ({ url, remove, ...given }) => {
      if (remove !== undefined) await routes.remove(remove);
      if (url !== undefined) await add(routes, { url, ...given });
      const lines = routes.all.map(lineOf);
      const limit = 'What workers ask for is not held to them.';
      return { text: lines.length === 0 ? 'No route holds.' : [...lines, limit].join('\n') };
    },
  });

interface Given {
  readonly url: string;
  readonly method?: string | undefined;
  readonly block?: boolean | undefined;
  readonly status?: number | undefined;
  readonly headers?: Record<string, string> | undefined;
  readonly body?: string | undefined;
  readonly delay: number;
}

async function add(routes: Routes, { url, method, block = false, delay, ...mock }: Given): Promise<void> {
  const isMock = Object.values(mock).some((part) => part !== undefined);
  if (routes.all.length >= MOST_ROUTES) throw misfit(`There are ${MOST_ROUTES} routes already`);
  if (block && isMock) throw misfit('A request is blocked or answered, not both');
  if (!block && !isMock && delay === 0) throw misfit('Nothing is to be done with these requests');
  const { status = 200, headers = {}, body = '' } = mock;
  const answer = block ? 'block' : isMock ? { status, headers, body } : null;
  await routes.add({ url, method: method?.toUpperCase() ?? null, answer, delay });
}

const misfit = (message: string): ToolError =>
  new ToolError('invalid_arguments', message, {
    hint: 'Give block, or status, headers and body, or delay; remove takes routes away.',
  });

function lineOf({ id, url, method, answer, delay, hits }: Route): string {
  const what =
    answer === null
      ? ''
      : answer === 'block'
        ? 'blocked'
        : `answered ${answer.status}, ${answer.body.length} characters`;
  const how = [what, delay === 0 ? '' : `delayed ${delay} ms`].filter((part) => part !== '').join(', ');
  return `${id}: ${method ?? 'any'} ${quoted(url, 200)} ${how}; ${hits} so far`;
}
