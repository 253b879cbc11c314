import type { ListToolsResult } from '@modelcontextprotocol/server';
import { current, type MaybeLive } from '../live.ts';
import type { Tool } from '../tool.ts';
import { listTool } from './tool-listing.ts';

type Listed = ListToolsResult['tools'];

/** The tools of a server as they are now; what follows from them is worked out once. */
export class ToolList {
  readonly #tools: MaybeLive<readonly Tool[]>;
  #of: readonly Tool[];
  #byName: ReadonlyMap<string, Tool>;
  #listed: Listed | undefined;

  /** Throws TypeError if two tools have one name. */
  constructor(tools: MaybeLive<readonly Tool[]>) {
    this.#tools = tools;
    this.#of = current(tools);
    this.#byName = byName(this.#of);
  }

  get byName(): ReadonlyMap<string, Tool> {
    this.#refresh();
    return this.#byName;
  }

  /** As `tools/list` shows them. */
  get listed(): Listed {
    this.#refresh();
    this.#listed ??= this.#of.map(listTool);
    return this.#listed;
  }

  #refresh(): void {
    const now = current(this.#tools);
    if (now === this.#of) return;
    this.#byName = byName(now);
    this.#of = now;
    this.#listed = undefined;
  }
}

function byName(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  const map = new Map(tools.map((tool) => [tool.name, tool]));
  if (map.size !== tools.length) throw new TypeError('two tools have one name');
  return map;
}
