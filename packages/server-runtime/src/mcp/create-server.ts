import { randomBytes, randomUUID } from 'node:crypto';
import {
  createRequestStateCodec,
  inputRequired,
  McpServer,
  type CallToolResult,
  type InputRequiredResult,
  type ProtocolEra,
  type ServerContext,
  type Transport,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Log } from '../log.ts';
import type { AuditSink } from '../pipeline/audit.ts';
import { createPipeline, newCall } from '../pipeline/pipeline.ts';
import type { Complete } from '../pipeline/complete-answers.ts';
import type { Permission } from '../pipeline/permission.ts';
import { questionLifeSeconds, stateOf, type CallState } from '../pipeline/resume.ts';
import type { Tool } from '../tool.ts';
import { errorToMcp, resultToMcp } from './call-result.ts';
import { channelOf, formOf } from './channel.ts';
import { listTool } from './tool-listing.ts';

/** What makes a server. */
export interface ServerOptions {
  readonly name: string;
  readonly version: string;
  /** Told to the model once: what the server is for and how its tools belong together. */
  readonly instructions?: string;
  /** In the order shown to the model. */
  readonly tools: readonly Tool[];
  /** Required, so that it cannot be forgotten: `() => ({ allowed: true })` says it aloud. */
  readonly permission: Permission;
  /** Required for the same reason. */
  readonly audit: AuditSink;
  readonly log: Log;
  /** The session of all calls. Default: a new one. */
  readonly session?: string;
  /** `decline` answers every question of a tool with no, at once. Default `ask`. */
  readonly approvals?: 'ask' | 'decline';
  /** Time for a tool that sets none of its own. Default 60 s. */
  readonly timeoutMs?: number;
  /** Adds to the structured part of every answer, errors included, what all answers of the server carry. */
  readonly complete?: Complete;
  /** How long an answered call may take to stop before the next ones are told `busy`. Default 5 s. */
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
  readonly tools: readonly Tool[];
  /** A fresh protocol instance over the same tools, turns and session, as the SDK's serving entries ask for one. */
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
  const tools = byName(options.tools);
  const calls = new CallHandler(options, tools);
  const connections = new Set<Connection>();
  const instance = ({ era }: { readonly era: ProtocolEra }): McpServer => {
    const mcp = new McpServer(
      { name: options.name, version: options.version },
      {
        capabilities: { tools: { listChanged: false } },
        enforceStrictCapabilities: true,
        ...(options.instructions !== undefined && { instructions: options.instructions }),
      },
    );
    mcp.server.onerror = (err) => options.log.debug('protocol error', { err });
    mcp.server.setRequestHandler('tools/list', () => ({ tools: options.tools.map(listTool) }));
    mcp.server.setRequestHandler('tools/call', (request, context) =>
      calls.serve(request.params.name, request.params.arguments ?? {}, { era, context }),
    );
    return mcp;
  };
  return {
    name: options.name,
    version: options.version,
    tools: options.tools,
    instance,
    connect(transport) {
      const onerror = (err: unknown): void => options.log.debug('transport error', { err });
      const handle = serveStdio(instance, { transport, onerror });
      const connection = { closed: untilClosed(transport), close: () => handle.close() };
      connections.add(connection);
      void connection.closed.then(() => connections.delete(connection));
      return connection;
    },
    async close() {
      await Promise.all([...connections].map((connection) => connection.close()));
      await calls.idle();
    },
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

function byName(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  const map = new Map(tools.map((tool) => [tool.name, tool]));
  if (map.size !== tools.length) throw new TypeError('two tools have one name');
  return map;
}

/** Carries calls from the protocol into the pipeline and their outcomes back. */
class CallHandler {
  readonly #options: ServerOptions;
  readonly #session: string;
  readonly #pipeline;
  readonly #seal = createRequestStateCodec<CallState>({
    key: randomBytes(32),
    ttlSeconds: questionLifeSeconds,
  });
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: ServerOptions, tools: ReadonlyMap<string, Tool>) {
    const { permission, audit, approvals = 'ask', timeoutMs = 60_000, graceMs = 5_000 } = options;
    const complete: Complete = options.complete ?? ((structured) => Promise.resolve(structured));
    this.#options = options;
    this.#session = options.session ?? randomUUID();
    this.#pipeline = createPipeline({ tools, permission, audit, approvals, timeoutMs, graceMs, complete });
  }

  async serve(
    name: string,
    args: unknown,
    { era, context }: { era: ProtocolEra; context: ServerContext },
  ): Promise<CallToolResult | InputRequiredResult> {
    const { log } = this.#options;
    const channel = channelOf(context, { era, log, openState: (...sealed) => this.#seal.verify(...sealed) });
    const call = newCall({ name, args, session: this.#session, signal: context.mcpReq.signal, channel, log });
    const running = this.#pipeline(call);
    this.#running.add(running);
    const outcome = await running.finally(() => this.#running.delete(running));
    if (outcome.kind === 'result') return resultToMcp(outcome.result);
    if (outcome.kind === 'error') return errorToMcp(outcome.error);
    const { request } = outcome.question;
    return inputRequired({
      inputRequests: { [request.key]: formOf(request) },
      requestState: await this.#seal.mint(stateOf(call, outcome.question)),
    });
  }

  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }
}
