import { z } from 'zod';
import { invalid } from './api-error.ts';
import { isDeferred, referencesIn } from './deferred.ts';
import { blocksOf, type CountRequest } from './request.ts';
import { checkSchema } from './tool-schema.ts';

const ownTool = z.looseObject({ input_schema: z.record(z.string(), z.unknown()) });

/** @throws ApiError */
export function checkTools({ tools = [], tool_choice: choice }: CountRequest): void {
  const names = tools.map(({ name, type }) => name ?? type ?? '');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`tools: Tool names must be unique: ${twice}`);
  if (choice?.type === 'tool' && !names.includes(choice.name ?? ''))
    throw invalid(`tool_choice: Tool '${choice.name ?? ''}' not found in provided tools`);
  if (tools.length > 0 && tools.every(isDeferred))
    throw invalid('All tools have defer_loading set. At least one tool must be non-deferred.');
  const both = tools.find((tool) => isDeferred(tool) && tool.cache_control != null);
  if (both !== undefined)
    throw invalid(
      `Tool '${both.name ?? ''}' cannot have both defer_loading=true and cache_control set. Tools with defer_loading cannot use prompt caching.`,
    );
  tools.forEach((tool, index) => {
    const custom = ownTool.safeParse(tool);
    if (custom.success) checkSchema(custom.data.input_schema, index);
  });
}

/** @throws ApiError */
export function checkReferences({ model, tools = [], messages }: CountRequest, loadsTools: boolean): void {
  if (!loadsTools && tools.some(isDeferred)) throw invalid(`defer_loading: is not supported by ${model}`);
  const deferred = new Set(tools.filter(isDeferred).map(({ name }) => name));
  messages.forEach((message, index) => {
    for (const block of blocksOf(message)) {
      const references = referencesIn(block);
      const missing = references.find((name) => !deferred.has(name));
      if (missing !== undefined)
        throw invalid(`Tool reference '${missing}' has no corresponding tool definition`);
      const isMixed = block.type === 'tool_result' && references.length < (block.content?.length ?? 0);
      if (references.length > 0 && isMixed)
        throw invalid(`messages.${index}: tool_reference blocks stand alone in a tool_result`);
    }
  });
}
