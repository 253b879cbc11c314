import type { McpServer, ProtocolEra, ServerEventBus, Transport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Icon } from '../content.ts';
import { current, Live, type MaybeLive } from '../live.ts';
import type { Log } from '../log.ts';
import type { AuditSink } from '../pipeline/audit.ts';
import type { Complete } from '../pipeline/complete-answers.ts';
import type { Limits } from '../pipeline/limits.ts';
import type { Permission } from '../pipeline/permission.ts';
import type { Turns } from '../pipeline/turns.ts';
import type { Prompt } from '../prompt.ts';
import type { Resource, ResourceTemplate } from '../resource.ts';
import type { Tool } from '../tool.ts';
import { CallHandler } from './call-handler.ts';
import { Changes } from './changes.ts';
import { createInstance } from './instance.ts';
import { ToolList } from './tool-list.ts';

/** What makes a server. */
export interface ServerOptions {
  readonly name: string;
  readonly version: string;
  /** Told to the model once: what the server is for and how its tools belong together. */
  readonly instructions?: string;
  /** As people see it. */
  readonly title?: string;
  readonly icons?: readonly Icon[];
  /** In the order shown to the model. When it is `Live`, clients are told of changes. */
  readonly tools: MaybeLive<readonly Tool[]>;
  readonly prompts?: MaybeLive<readonly Prompt[]>;
  readonly resources?: readonly (Resource | ResourceTemplate)[];
  /** Tools send log messages to clients that want them (`tellClient`). */
  readonly logging?: boolean;
  /** Required, so that it cannot be forgotten: `() => ({ allowed: true })` says it aloud. */
  readonly permission: Permission;
  /** Required for the same reason. */
  readonly audit: AuditSink;
  readonly log: Log;
  /** The session of all calls. Default: a new one. */
  readonly session?: string;
  /** Who acts, by the door they came in through. Default `stdio`. */
  readonly actor?: string;
  /** Shared by the servers that act on one surface; `null` for calls that need not wait for each other. Default: the own. */
  readonly turns?: Turns | null;
  /** Shared by the servers of a process. Default: the server's own. */
  readonly limits?: Limits;
  /** `decline` answers every question of a tool with no, at once. Default `ask`. */
  readonly approvals?: 'ask' | 'decline';
  /** Time for a tool that sets none of its own. Default 60 s. */
  readonly timeoutMs?: number;
  /** Adds to the structured part of every answer, errors included, what all answers of the server carry. */
  readonly complete?: Complete;
  /** What brings a tool that is not there, in a sentence. */
  readonly absent?: (tool: string) => string | undefined;
  /** Told once, when the first client has come and was answered: what its calls need can be made ready. */
  readonly onClient?: () => void;
  /** How long an answered call may take to stop before the next ones are told `busy`. Default 5 s; `turns` has its own. */
  readonly graceMs?: number;
}

/** One end of a connection. */
export interface Connection {
  /** Resolves when the connection has ended, from either side. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** A server: cheap, without side effects until it is connected. */
export interface DeskhandServer {
  readonly name: string;
  readonly version: string;
  /** As they are now. */
  readonly tools: readonly Tool[];
  /** What changed, for the `subscriptions/listen` streams of an HTTP handler; each session has its own. */
  readonly changes: ServerEventBus;
  /**
   * A fresh protocol instance over the same tools, turns and session, as the SDK's serving entries ask for one.
   * Those of the 2025 protocols are told of changes until they are closed.
   */
  instance(context: { readonly era: ProtocolEra }): McpServer;
  /** Serves one transport, in the protocol era that the client opens with. */
  connect(transport: Transport): Connection;
  /** Closes all connections, which cancels their calls, and waits until the outcomes are recorded. */
  close(): Promise<void>;
}

/**
 * A server of these tools.
 *
 * @throws TypeError if two tools have one name.
 */
export function createServer(options: ServerOptions): DeskhandServer {
  const { name, version, log } = options;
  const tools = new ToolList(options.tools);
  const calls = new CallHandler(options, () => tools.byName);
  const changes = new Changes(log);
  const unwatch = watch(options, changes);
  const connections = new Set<Connection>();
  const create = createInstance(options, { tools, calls, changes });
  return {
    name,
    version,
    get tools() {
      return current(options.tools);
    },
    changes: changes.bus,
    instance: ({ era }) => create({ era, lasting: era === 'legacy' }),
    connect(transport) {
      const onerror = (err: unknown): void => log.debug('transport error', { err });
      const handle = serveStdio(({ era }) => create({ era, lasting: true }), { transport, onerror });
      const connection = { closed: untilClosed(transport), close: () => handle.close() };
      connections.add(connection);
      void connection.closed.then(() => connections.delete(connection));
      return connection;
    },
    async close() {
      unwatch();
      await Promise.all([...connections].map((connection) => connection.close()));
      await calls.idle();
    },
  };
}

function watch({ tools, prompts, resources = [] }: ServerOptions, changes: Changes): () => void {
  const watches = [
    tools instanceof Live && tools.watch(() => changes.publish({ kind: 'tools_list_changed' })),
    prompts instanceof Live && prompts.watch(() => changes.publish({ kind: 'prompts_list_changed' })),
    ...resources.map(
      (resource) =>
        'uri' in resource &&
        resource.changes?.watch(() => changes.publish({ kind: 'resource_updated', uri: resource.uri })),
    ),
  ];
  return () => {
    for (const unwatch of watches) if (typeof unwatch === 'function') unwatch();
  };
}

function untilClosed(transport: Transport): Promise<void> {
  return new Promise((resolve) => {
    const closed = transport.onclose?.bind(transport);
    transport.onclose = () => {
      closed?.();
      resolve();
    };
  });
}
