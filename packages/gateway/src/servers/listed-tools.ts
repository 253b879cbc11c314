import type { Tool } from '@modelcontextprotocol/client';
import type { ServerStatus } from '../gateway.ts';
import type { SeenServer } from './seen-server.ts';
import type { GatewayServer } from './server-config.ts';

/** The tools that a server listed last, maybe to a session before, without those that the person left out. */
export class ListedTools {
  readonly #about: Pick<GatewayServer, 'enabledTools' | 'disabledTools'>;
  readonly #seen: SeenServer | undefined;
  #tools: readonly Tool[];
  #isKnown: boolean;

  constructor(about: GatewayServer, seen: SeenServer | undefined) {
    this.#about = about;
    this.#seen = seen;
    const before = seen?.read();
    this.#tools = before?.tools ?? [];
    this.#isKnown = before !== undefined && (before.state === 'ready' || before.tools.length > 0);
  }

  get tools(): readonly Tool[] {
    return this.#tools;
  }

  /** Whether it ever listed them. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  set(tools: readonly Tool[]): void {
    const { enabledTools, disabledTools } = this.#about;
    this.#tools = tools.filter(
      ({ name }) => enabledTools?.includes(name) !== false && !disabledTools.includes(name),
    );
    this.#isKnown = true;
  }

  /** For the next session. */
  remember(status: ServerStatus): void {
    this.#seen?.write({ ...status, tools: this.#tools });
  }
}
