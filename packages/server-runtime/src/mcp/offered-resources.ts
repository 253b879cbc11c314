import { ResourceTemplate } from '@modelcontextprotocol/server';
import type {
  InputRequiredResult,
  McpServer,
  ReadResourceResult,
  ServerContext,
} from '@modelcontextprotocol/server';
import type { ResourceContents } from '../content.ts';
import type { Resource, ResourceTemplate as OurTemplate } from '../resource.ts';
import { ToolError } from '../tool-error.ts';
import type { CallContext } from '../tool.ts';
import { contentsToMcp, iconsToMcp } from './content.ts';
import { resultTemplate, type KeptResults } from './kept-results.ts';

/** Reads for the request that `context` belongs to. */
export type ReadResource = (
  uri: string,
  context: ServerContext,
  read: (call: CallContext) => Promise<readonly ResourceContents[]>,
) => Promise<ReadResourceResult | InputRequiredResult>;

/** Offers resources on one instance. */
export function offerResources(
  mcp: McpServer,
  resources: readonly (Resource | OurTemplate)[],
  read: ReadResource,
): void {
  for (const resource of resources) {
    if ('uri' in resource) {
      mcp.registerResource(resource.name, resource.uri, aboutToMcp(resource), (uri, context) =>
        read(uri.href, context, (call) => resource.read(call)),
      );
    } else {
      mcp.registerResource(
        resource.name,
        new ResourceTemplate(resource.uriTemplate, { list: undefined }),
        aboutToMcp(resource),
        (uri, variables, context) =>
          read(uri.href, context, (call) => resource.read(uri.href, variables, call)),
      );
    }
  }
}

/** Offers what was too big for the answers of this session. */
export function offerKeptResults(mcp: McpServer, kept: KeptResults, read: ReadResource): void {
  const description = 'What was left out of an answer because it was too big; answers link to it';
  mcp.registerResource(
    'results',
    new ResourceTemplate(resultTemplate, { list: undefined }),
    { description },
    (uri, _variables, context) =>
      read(uri.href, context, async () => {
        const contents = kept.read(uri.href);
        if (contents === undefined) throw notKept(uri.href);
        return Promise.resolve([contents]);
      }),
  );
}

const notKept = (uri: string): ToolError =>
  new ToolError('unknown_result', 'This result was never here, or had to make room for newer ones', {
    hint: 'Call the tool again, for less if it can.',
    details: { uri },
  });

function aboutToMcp({ title, description, mimeType, icons }: Resource | OurTemplate): {
  title?: string;
  description?: string;
  mimeType?: string;
} {
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(mimeType !== undefined && { mimeType }),
    ...iconsToMcp(icons),
  };
}

/** What a client read, as MCP has it. */
export function contentsResult(contents: readonly ResourceContents[]): ReadResourceResult {
  return { contents: contents.map(contentsToMcp) };
}
