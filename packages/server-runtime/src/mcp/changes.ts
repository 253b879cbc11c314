import {
  InMemoryServerEventBus,
  type McpServer,
  type ServerEvent,
  type ServerEventBus,
} from '@modelcontextprotocol/server';
import type { Log } from '../log.ts';

/** Which resources a client wants to hear of, by address. */
export type Subscriptions = Pick<ReadonlySet<string>, 'has'>;

/** Tells the clients of one session what changed. */
export class Changes {
  /** For the subscriptions that an HTTP handler of the SDK holds. */
  readonly bus: ServerEventBus;
  readonly #log: Log;
  readonly #instances = new Map<McpServer, Subscriptions>();

  constructor(log: Log) {
    this.#log = log;
    this.bus = new InMemoryServerEventBus((err) => log.debug('a change was not sent', { err }));
  }

  /** Tells this instance too, until it is closed; of resources, only those that its client subscribed to. */
  follow(mcp: McpServer, subscribed: Subscriptions): void {
    this.#instances.set(mcp, subscribed);
    mcp.server.onclose = () => this.#instances.delete(mcp);
  }

  publish(event: ServerEvent): void {
    this.bus.publish(event);
    for (const [mcp, subscribed] of this.#instances) {
      if (!mcp.isConnected() || (event.kind === 'resource_updated' && !subscribed.has(event.uri))) continue;
      send(mcp, event).catch((err: unknown) => this.#log.debug('a change was not sent', { err }));
    }
  }
}

function send({ server }: McpServer, event: ServerEvent): Promise<void> {
  switch (event.kind) {
    case 'tools_list_changed':
      return server.sendToolListChanged();
    case 'prompts_list_changed':
      return server.sendPromptListChanged();
    case 'resources_list_changed':
      return server.sendResourceListChanged();
    case 'resource_updated':
      return server.sendResourceUpdated({ uri: event.uri });
  }
}
