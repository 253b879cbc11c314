import { ConfigError } from './config/config-error.ts';
import { didYouMean } from './near-names.ts';
import type { Tool } from './tool.ts';

/** The options `--tools` and `--read-only`. */
export interface ToolSelection {
  readonly tools?: readonly string[] | undefined;
  readonly readOnly?: boolean;
}

/**
 * The tools a person chose, in the order of `all`. `readOnly` keeps what changes nothing and what is marked
 * `always`; `tools` keeps exactly what it names.
 *
 * @throws ConfigError if a name is unknown, or nothing is left.
 */
export function selectTools(all: readonly Tool[], selection: ToolSelection): Tool[] {
  checkNames(
    selection,
    all.map((tool) => tool.name),
  );
  const selected = selectedOf(all, selection);
  if (selected.length === 0) throw new ConfigError('--tools', 'no tool is left');
  return selected;
}

/** @throws ConfigError for a name that no tool has. */
export function checkNames({ tools = [] }: ToolSelection, known: readonly string[]): void {
  for (const name of tools) {
    if (!known.includes(name)) throw new ConfigError('--tools', unknown(name, known));
  }
}

/** As {@link selectTools}, of tools that come and go: any name may be chosen, and nothing may be left. */
export function selectedOf(all: readonly Tool[], { tools, readOnly = false }: ToolSelection): Tool[] {
  return all
    .filter((tool) => tools?.includes(tool.name) ?? true)
    .filter((tool) => !readOnly || tool.annotations.readOnly || tool.always === true);
}

const unknown = (name: string, known: readonly string[]): string =>
  `there is no tool \`${name}\`.${didYouMean(name, known)} The tools are: ${known.join(', ')}`;
