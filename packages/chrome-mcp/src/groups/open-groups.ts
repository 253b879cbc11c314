import { Live, type Tool } from '@deskhand/server-runtime';
import type { BrowserSession } from '../session.ts';
import type { Group, OpenGroup } from './group.ts';

interface OpenGroupsParts {
  readonly session: BrowserSession;
  readonly groups: readonly Group[];
  /** What each tool of a group is made into before it is offered. */
  readonly offered: (tool: Tool) => Tool;
}

/** Which groups are on in a session, and the tools that are offered for it. */
export class OpenGroups {
  /** Those of the groups that are on. */
  readonly tools = new Live<readonly Tool[]>([]);
  readonly #parts: OpenGroupsParts;
  readonly #open = new Map<string, OpenGroup>();

  constructor(parts: OpenGroupsParts) {
    this.#parts = parts;
  }

  get on(): readonly string[] {
    return [...this.#open.keys()];
  }

  toolsOf(name: string): readonly Tool[] {
    return this.#open.get(name)?.tools ?? [];
  }

  switchOn(names: readonly string[]): void {
    const { groups, session, offered } = this.#parts;
    const wanted = groups.filter(({ name }) => names.includes(name) && !this.#open.has(name));
    for (const group of wanted) {
      const { tools, close } = group.open(session);
      this.#open.set(group.name, { tools: tools.map(offered), close });
    }
    if (wanted.length > 0) this.#tell();
  }

  switchOff(names: readonly string[]): void {
    const leaving = names.filter((name) => this.#open.has(name));
    for (const name of leaving) {
      this.#open.get(name)?.close();
      this.#open.delete(name);
    }
    if (leaving.length > 0) this.#tell();
  }

  #tell(): void {
    this.tools.set([...this.#open.values()].flatMap(({ tools }) => tools));
  }
}
