import type { GatewayTool } from '../gateway.ts';
import { fence } from '../policy/guard.ts';
import { isReadOnly, type KnownTool } from './known-tool.ts';
import { plainSchema } from './plain-schema.ts';

const MOST_DESCRIPTION = 2048;
const MOST_WORDS = 2048;

/** A tool as a model is shown it: all words of others stand in the fence of its description. */
export function definitionOf(known: KnownTool): GatewayTool {
  const { name, tool, server } = known;
  const said = (tool.description ?? tool.title ?? '').slice(0, MOST_DESCRIPTION);
  const rest = { name, isReadOnly: isReadOnly(known) };
  if (server.about.isOwn) return { ...rest, description: said, inputSchema: tool.inputSchema };
  const { schema, words } = plainSchema(tool.inputSchema);
  const all = [said, ...(words.length > 0 ? ['Arguments:', ...words] : [])].join('\n');
  const description = fence(server.about.name, all.slice(0, MOST_DESCRIPTION + MOST_WORDS));
  return { ...rest, description, inputSchema: schema };
}
