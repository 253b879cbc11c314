import type { SupervisedServer } from '../servers/supervised-server.ts';
import type { Pins } from '../pins/pins.ts';
import type { KnownTool } from './known-tool.ts';
import { ToolIndex } from './tool-index.ts';
import { hashedName, publicName, startOfNames } from './tool-name.ts';

/** Names in grants and questions of what is asked of a server besides its tools; no tool goes by them. */
const RESERVED: readonly string[] = [
  'resources/list',
  'resources/read',
  'prompts/get',
  'sampling/createMessage',
];

/** The tools of all servers, by the names that a model knows them by; made anew when a list changes. */
export class Catalog {
  readonly #servers: readonly SupervisedServer[];
  readonly #pins: Pins;
  #tools: ReadonlyMap<string, KnownTool> | undefined;
  #index: ToolIndex | undefined;

  constructor(servers: readonly SupervisedServer[], pins: Pins) {
    this.#servers = servers;
    this.#pins = pins;
  }

  /** A list has changed. */
  forget(): void {
    this.#tools = undefined;
    this.#index = undefined;
  }

  get tools(): ReadonlyMap<string, KnownTool> {
    this.#tools ??= this.#collected();
    return this.#tools;
  }

  find(query: string): readonly KnownTool[] {
    this.#index ??= new ToolIndex(this.tools);
    return this.#index.find(query);
  }

  /** The server whose tool it could be, when nobody ever saw its list. */
  unlisted(name: string): SupervisedServer | undefined {
    return this.#servers.find(
      ({ about, isListed }) => !isListed && name.startsWith(startOfNames(about.name)),
    );
  }

  #collected(): ReadonlyMap<string, KnownTool> {
    const tools = new Map<string, KnownTool>();
    for (const server of this.#servers) {
      for (const tool of server.tools) {
        if (RESERVED.includes(tool.name)) continue;
        const { name: serverName, isOwn } = server.about;
        const name = freeName(tools, serverName, tool.name);
        const isSuspended = !isOwn && this.#pins.isChanged(serverName, tool);
        tools.set(name, { name, server, tool, isSuspended, kind: 'tool' });
      }
    }
    return tools;
  }
}

function freeName(taken: ReadonlyMap<string, unknown>, server: string, tool: string): string {
  let name = publicName(server, tool);
  for (let digits = 12; taken.has(name) && digits <= 60; digits += 4) name = hashedName(server, tool, digits);
  return name;
}
