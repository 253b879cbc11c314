import type { GatewayTool } from '../gateway.ts';
import { definitionOf } from './definition.ts';
import type { KnownTool } from './known-tool.ts';
import { RESOURCE_TOOLS } from './resource-tools.ts';
import { lazyTools, readResultTool } from './own-tools.ts';

/** Of the definitions of others that a list shows in full; about a tenth of what people connect. */
export const BUDGET_TOKENS = 1500;
const CHARACTERS_A_TOKEN = 4;

interface Listed {
  readonly tools: ReadonlyMap<string, KnownTool>;
  /** Names of the servers whose tools may be found. */
  readonly others: readonly string[];
  /** A server of others has not listed its tools yet. */
  readonly isIncomplete: boolean;
}

/** The list of a session: ours in full; those of others too if they are few, else behind `find_tools`. */
export function frozenList({ tools, others, isIncomplete }: Listed): readonly GatewayTool[] {
  const all = [...tools.values()];
  const isFirst = ({ server: { about } }: KnownTool): boolean => about.isOwn || about.alwaysLoad;
  const first = all.filter(isFirst).map(shown);
  const rest = all.filter((known) => !isFirst(known)).map(shown);
  const isSmall = !isIncomplete && tokensOf(rest) <= BUDGET_TOKENS;
  return Object.freeze(
    [
      ...first,
      ...(isSmall ? rest : []),
      ...(others.length > 0 ? [...lazyTools(others), ...RESOURCE_TOOLS] : []),
      readResultTool,
    ].sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
}

/** An estimate, four characters to the token. */
export const tokensOf = (tools: readonly GatewayTool[]): number =>
  Math.ceil(
    JSON.stringify(tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })))
      .length / CHARACTERS_A_TOKEN,
  );

function shown(known: KnownTool): GatewayTool {
  if (!known.isSuspended) return definitionOf(known);
  const description = 'Suspended, because its server changed it. Calling it asks the person.';
  return { name: known.name, description, inputSchema: { type: 'object' }, isReadOnly: false };
}
