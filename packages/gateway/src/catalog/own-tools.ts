import { z } from 'zod';
import type { GatewayTool, OutcomePart } from '../gateway.ts';
import { fence } from '../policy/guard.ts';
import type { KeptResults } from '../policy/kept-results.ts';
import { Refusal, textResult, type Result } from '../policy/policy-call.ts';
import type { Catalog } from './catalog.ts';
import { definitionOf } from './definition.ts';
import type { SupervisedServer } from '../servers/supervised-server.ts';
import { isReadOnly, type KnownTool } from './known-tool.ts';
import { listInput, readInput as uriInput } from './resource-tools.ts';
import { signatureOf } from './signature.ts';

const MOST_QUERIES = 5;
const PAGE = 50_000;
const MOST_DESCRIPTION = 300;

const findInput = z
  .strictObject({ query: z.string().optional(), queries: z.array(z.string()).max(MOST_QUERIES).optional() })
  .transform(({ query, queries = [] }) => [...(query === undefined ? [] : [query]), ...queries])
  .refine((queries) => queries.length > 0, 'needs a query');
export const callInput = z.strictObject({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).default({}),
});
const readInput = z.strictObject({ id: z.string(), offset: z.int().min(0).default(0) });

const string = { type: 'string' } as const;

/** Through these a model reaches what its list does not show; their words never change within a session. */
export const lazyTools = (servers: readonly string[]): readonly GatewayTool[] => [
  {
    name: 'find_tools',
    description: `Finds tools of the connected servers by what they do, so that they can be called. Servers: ${servers.join(', ')}.`,
    inputSchema: {
      type: 'object',
      properties: { query: string, queries: { type: 'array', items: string, maxItems: MOST_QUERIES } },
      additionalProperties: false,
    },
    isReadOnly: true,
  },
  {
    name: 'call_tool',
    description: 'Calls a tool that find_tools found.',
    inputSchema: {
      type: 'object',
      properties: { name: string, arguments: { type: 'object' } },
      required: ['name', 'arguments'],
      additionalProperties: false,
    },
    isReadOnly: false,
    standsIn: true,
  },
];

export const readResultTool: GatewayTool = {
  name: 'read_result',
  description: 'Reads on in a result that was cut.',
  inputSchema: {
    type: 'object',
    properties: { id: string, offset: { type: 'integer', minimum: 0 } },
    required: ['id'],
    additionalProperties: false,
  },
  isReadOnly: true,
};

interface OwnParts {
  readonly catalog: Catalog;
  readonly kept: KeptResults;
  readonly servers: readonly SupervisedServer[];
}

/** What the gateway answers itself; undefined for all other calls. @throws Refusal */
export function ownResult(
  { name, input }: { readonly name: string; readonly input: unknown },
  { catalog, kept, servers }: OwnParts,
): Result | undefined {
  switch (name) {
    case 'find_tools':
      return found(parsed(findInput, input), catalog);
    case 'read_result':
      return textResult(page(parsed(readInput, input), kept));
    case 'list_resources':
    case 'read_resource':
      return textResult(
        readable(parsed(name === 'list_resources' ? listInput : uriInput, input).server, servers),
      );
    default:
      return undefined;
  }
}

/** For a call that names no server that there is. @throws Refusal */
function readable(named: string | undefined, servers: readonly SupervisedServer[]): string {
  const offering = servers.filter(({ offersResources }) => offersResources).map(({ about }) => about.name);
  const there =
    offering.length === 0
      ? 'No server offers resources now.'
      : `These offer resources: ${offering.join(', ')}.`;
  if (named === undefined) return there;
  throw new Refusal('unknown_server', `No server is called ${JSON.stringify(named.slice(0, 100))}. ${there}`);
}

export function parsed<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  throw new Refusal('invalid_arguments', `Nothing was done: ${problems.join('; ')}.`);
}

function found(queries: readonly string[], catalog: Catalog): Result {
  const hits = queries.flatMap((query) => catalog.find(query));
  const once = [...new Map(hits.map((hit) => [hit.name, hit])).values()];
  const none = textResult('No tool was found; try other words for what it does.');
  return once.length === 0 ? none : { ...none, content: once.map(entryOf) };
}

/** A hit: enough to call it without looking further. */
function entryOf(known: KnownTool): OutcomePart {
  const { name, tool, server, isSuspended } = known;
  if (isSuspended)
    return wordsOf(`${name}: suspended, because its server changed it. Calling it asks the person.`);
  const said = (tool.description ?? '').slice(0, MOST_DESCRIPTION);
  const line = `${name}${signatureOf(tool.inputSchema)}${isReadOnly(known) ? ' [read-only]' : ''}`;
  const text = [line, server.about.isOwn ? said : fence(server.about.name, said)].join('\n');
  return { ...wordsOf(text), tool: definitionOf(known) };
}

const wordsOf = (text: string): Extract<OutcomePart, { type: 'text' }> => ({ type: 'text', text });

function page({ id, offset }: z.output<typeof readInput>, kept: KeptResults): string {
  const text = kept.get(id);
  if (text === undefined)
    throw new Refusal(
      'unknown_result',
      `No result ${JSON.stringify(id.slice(0, 40))} is kept any more; make the call again.`,
    );
  const end = offset + PAGE;
  const more = end < text.length ? `\n[Read on with offset ${end}; ${text.length} in all]` : '\n[The end]';
  return fence('kept result', text.slice(offset, end)) + more;
}
