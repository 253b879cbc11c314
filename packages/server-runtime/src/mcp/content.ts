import type {
  ContentBlock as McpBlock,
  EmbeddedResource,
  Icon as McpIcon,
} from '@modelcontextprotocol/server';
import type { Bytes, ContentBlock, Icon, ResourceContents } from '../content.ts';

const base64 = (bytes: Bytes): string =>
  typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('base64');

/** A piece of content as MCP has it. */
export function blockToMcp(block: ContentBlock): McpBlock {
  switch (block.type) {
    case 'image':
    case 'audio':
      return { ...block, data: base64(block.data) };
    case 'resource':
      return { type: 'resource', resource: contentsToMcp(block.resource) };
    case 'text':
    case 'resource_link':
      return { ...block };
  }
}

/** What a resource holds, as MCP has it. */
export function contentsToMcp(contents: ResourceContents): EmbeddedResource['resource'] {
  return 'text' in contents ? { ...contents } : { ...contents, blob: base64(contents.blob) };
}

/** Icons as a member to spread; nothing when there are none. */
export function iconsToMcp(icons: readonly Icon[] | undefined): { icons?: McpIcon[] } {
  if (icons === undefined) return {};
  return {
    icons: icons.map(({ sizes, ...icon }) => ({ ...icon, ...(sizes && { sizes: [...sizes] }) })),
  };
}
