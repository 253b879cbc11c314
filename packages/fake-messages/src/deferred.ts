import type { CountRequest, RequestBlock, RequestTool } from './request.ts';

/** Whether a tool is put off until it is referred to. */
export const isDeferred = (tool: RequestTool): boolean =>
  'defer_loading' in tool && tool.defer_loading === true;

/** What the model sees of the tools before the conversation. */
export const loadedIn = ({ tools = [] }: CountRequest): readonly RequestTool[] =>
  tools.filter((tool) => !isDeferred(tool));

/** The names of tools that a block refers to. */
export const referencesIn = (block: RequestBlock): readonly string[] =>
  block.type === 'tool_result' && Array.isArray(block.content)
    ? block.content.flatMap((part) => (part.type === 'tool_reference' ? [part.tool_name] : []))
    : [];

/** A block as the model sees it: definitions of tools that are put off stand where they are referred to. */
export function expanded(block: RequestBlock, { tools = [] }: CountRequest): RequestBlock | object {
  const names = referencesIn(block);
  if (names.length === 0) return block;
  return { ...block, content: names.map((name) => tools.find((tool) => tool.name === name)) };
}
