import {
  McpServer,
  type CacheHint,
  type ProtocolEra,
  type ServerCapabilities,
} from '@modelcontextprotocol/server';
import { Live } from '../live.ts';
import type { CallHandler, Request } from './call-handler.ts';
import type { Changes } from './changes.ts';
import { hasSuggestions, offerCompletions } from './completions.ts';
import { iconsToMcp } from './content.ts';
import type { ServerOptions } from './create-server.ts';
import { offerPrompts } from './offered-prompts.ts';
import { contentsResult, offerKeptResults, offerResources, type ReadResource } from './offered-resources.ts';
import type { ToolList } from './tool-list.ts';

interface Parts {
  readonly tools: ToolList;
  readonly calls: CallHandler;
  readonly changes: Changes;
}

interface InstanceContext {
  readonly era: ProtocolEra;
  /** It serves a connection, not a single request, and so has to be told of changes. */
  readonly lasting: boolean;
}

/** How long clients may keep a list that cannot change during a session. */
const fixedList: CacheHint = { ttlMs: 300_000, cacheScope: 'private' };

/** Makes the protocol instances of one server. */
export function createInstance(
  options: ServerOptions,
  { tools, calls, changes }: Parts,
): (context: InstanceContext) => McpServer {
  const about = aboutServer(options);
  let hasClient = false;
  return ({ era, lasting }) => {
    // whoever comes is answered first
    if (!hasClient && options.onClient !== undefined) setImmediate(options.onClient);
    hasClient = true;
    const mcp = new McpServer(...about);
    const { server } = mcp;
    const subscribed = new Set<string>();
    const request = (context: Request['context']): Request => ({ mcp, era, context });
    const read: ReadResource = (uri, context, work) =>
      calls.read({ name: 'resources/read', args: { uri } }, request(context), async (call) =>
        contentsResult(await work(call)),
      );
    server.onerror = (err) => options.log.debug('protocol error', { err });
    server.setRequestHandler('tools/list', () => ({ tools: tools.listed }));
    server.setRequestHandler('tools/call', ({ params }, context) =>
      calls.call(params.name, params.arguments ?? {}, request(context)),
    );
    offerKeptResults(mcp, calls.kept, read);
    offerResources(mcp, options.resources ?? [], read);
    if (options.prompts !== undefined) {
      offerPrompts(mcp, options.prompts, (args, context, get) =>
        calls.read({ name: 'prompts/get', args }, request(context), get),
      );
    }
    if (hasSuggestions(options)) offerCompletions(mcp, options);
    if (isSubscribable(options)) serveSubscriptions(mcp, subscribed);
    if (lasting) changes.follow(mcp, era === 'modern' ? { has: () => true } : subscribed);
    return mcp;
  };
}

function aboutServer(options: ServerOptions): ConstructorParameters<typeof McpServer> {
  const { name, version, title, icons, instructions, tools, prompts } = options;
  const hint = (list: unknown): CacheHint => (list instanceof Live ? {} : fixedList);
  return [
    { name, version, ...(title !== undefined && { title }), ...iconsToMcp(icons) },
    {
      capabilities: capabilitiesOf(options),
      enforceStrictCapabilities: true,
      cacheHints: {
        'tools/list': hint(tools),
        'prompts/list': hint(prompts),
        'resources/list': fixedList,
        'resources/templates/list': fixedList,
      },
      ...(instructions !== undefined && { instructions }),
    },
  ];
}

function capabilitiesOf(options: ServerOptions): ServerCapabilities {
  const { tools, prompts, logging = false } = options;
  return {
    tools: { listChanged: tools instanceof Live },
    resources: { listChanged: false, ...(isSubscribable(options) && { subscribe: true }) },
    ...(prompts !== undefined && { prompts: { listChanged: prompts instanceof Live } }),
    ...(hasSuggestions(options) && { completions: {} }),
    ...(logging && { logging: {} }),
  };
}

const isSubscribable = ({ resources = [] }: ServerOptions): boolean =>
  resources.some((resource) => 'uri' in resource && resource.changes !== undefined);

function serveSubscriptions({ server }: McpServer, subscribed: Set<string>): void {
  server.setRequestHandler('resources/subscribe', ({ params }) => {
    subscribed.add(params.uri);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    subscribed.delete(params.uri);
    return {};
  });
}
