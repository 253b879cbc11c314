import {
  Client,
  isInputRequiredResult,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type ElicitRequestParams,
  type ElicitResult,
  type InputRequiredResult,
  type PriorDiscovery,
  type Tool,
} from '@modelcontextprotocol/client';
import type { LoginFile } from '../oauth/login-file.ts';
import { SessionAuth } from '../oauth/session-auth.ts';
import { startHostProcess, type HostProcessStart } from '../process/host-process.ts';
import { startSandboxed } from '../process/sandboxed-process.ts';
import { StdioTransport, type StdioOptions } from '../process/stdio-transport.ts';
import { Resources } from './resources.ts';
import type { GatewayServer } from './server-config.ts';

const CLIENT = { name: 'deskhand', version: '0.1.0' } as const;
/** A server that says nothing for so long is taken for one of the 2025 protocols. */
const PROBE_MS = 10_000;
const ROUNDS = 10;
/** The SDK's own limit, out of the way: the deadline of a call stands still while a person thinks. */
const NO_LIMIT_MS = 2_147_483_647;

/** One life of a server: a connection, and the tools that it listed. */
export interface Link {
  readonly tools: readonly Tool[];
  /** What to connect with the next time, to spare the question which protocol it is. */
  readonly verdict: PriorDiscovery;
  /** Resolves with the reason when it is over. */
  readonly over: Promise<string>;
  readonly isOver: boolean;
  readonly resources: Resources;
  call(tool: Tool, args: Readonly<Record<string, unknown>>, options: LinkCall): Promise<CallToolResult>;
  read(uri: string, options: LinkCall): Promise<CallToolResult>;
  /** @throws when there is no answer in time */
  ping(timeoutMs: number): Promise<void>;
  /** Ends it at once, with all that the server started in its process group. */
  kill(reason: string): void;
  close(): Promise<void>;
}

export interface LinkCall {
  readonly signal: AbortSignal;
  /** Answers what the server asks during the call. */
  readonly asked: (params: ElicitRequestParams, signal: AbortSignal) => Promise<ElicitResult>;
  readonly progress?: (text: string) => void;
}

export interface LinkOptions {
  readonly server: GatewayServer;
  readonly stdio: Pick<StdioOptions, 'onError'> & Pick<HostProcessStart, 'env' | 'onStart'>;
  /** Of a server over HTTP. */
  readonly login?: LoginFile;
  readonly verdict: PriorDiscovery | undefined;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  readonly onTools: (tools: readonly Tool[]) => void;
  /** One that was read has changed. */
  readonly onResource: (uri: string) => void;
}

/**
 * Connects in the newest protocol that the server speaks and lists its tools.
 *
 * @throws the reason why not
 */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { server, verdict } = options;
  try {
    return await connectedLink(options);
  } catch (error) {
    options.signal.throwIfAborted();
    // servers of old libraries may end at the first message that they do not know
    if (server.reached.kind === 'http' || verdict !== undefined || !(error instanceof EndedAtStart))
      throw error;
    if (error.isMissing) throw error;
    return connectedLink({ ...options, verdict: { kind: 'legacy' } });
  }
}

/** The process was over before it listed its tools. */
class EndedAtStart extends Error {
  readonly isMissing: boolean;

  constructor({ code, signal }: NonNullable<StdioTransport['end']>, command: string) {
    const isMissing = code === 127 || code === 126;
    super(
      isMissing
        ? `the command ${command} is not there or cannot be run`
        : `it ended at its start with ${signal ?? `code ${code ?? '?'}`}`,
    );
    this.isMissing = isMissing;
  }
}

async function connectedLink(options: LinkOptions): Promise<Link> {
  const { server, stdio, signal } = options;
  const { reached } = server;
  if (reached.kind === 'http') {
    const { url, headers } = reached;
    const http = new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { ...headers } },
      ...(options.login && { authProvider: new SessionAuth(options.login) }),
    });
    return new ServerLink(http, options).open();
  }
  const { sandbox } = reached;
  const start =
    sandbox === undefined
      ? () => startHostProcess({ ...reached, ...stdio })
      : () => startSandboxed({ ...reached, ...sandbox, name: server.name }, signal);
  const transport = new StdioTransport({ start, onError: stdio.onError });
  try {
    return await new ServerLink(transport, options).open();
  } catch (error) {
    const { end } = transport;
    transport.kill('SIGKILL');
    signal.throwIfAborted();
    throw end === undefined ? error : new EndedAtStart(end, reached.command);
  }
}

class ServerLink implements Link {
  readonly over: Promise<string>;
  readonly resources: Resources;
  readonly #transport: StdioTransport | StreamableHTTPClientTransport;
  readonly #options: LinkOptions;
  readonly #client: Client;
  /** Of calls that run: a question of the 2025 protocols does not say which call it belongs to, so it is the newest's. */
  readonly #asked = new Set<LinkCall['asked']>();
  #end: (reason: string) => void = () => undefined;
  #tools: readonly Tool[] = [];
  #isOver = false;
  #listing: Promise<void> | undefined;

  constructor(transport: StdioTransport | StreamableHTTPClientTransport, options: LinkOptions) {
    this.#transport = transport;
    this.#options = options;
    this.over = new Promise((resolve) => {
      this.#end = (reason) => {
        this.#isOver = true;
        resolve(reason);
      };
    });
    this.#client = new Client(CLIENT, {
      capabilities: { elicitation: { form: { applyDefaults: true } } },
      versionNegotiation: { mode: 'auto', probe: { timeoutMs: PROBE_MS } },
    });
    this.resources = new Resources(this.#client, (uri) => options.onResource(uri));
    this.#client.onclose = () => this.#end('its process ended');
    this.#client.onerror = () => undefined; // what matters of it fails a request or ends the connection
    this.#client.setRequestHandler('elicitation/create', ({ params }, { mcpReq }) =>
      this.#answer(params, mcpReq.signal),
    );
    this.#client.setNotificationHandler('notifications/tools/list_changed', () => this.#listAgain());
  }

  get tools(): readonly Tool[] {
    return this.#tools;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get verdict(): PriorDiscovery {
    const discover = this.#client.getDiscoverResult();
    return discover === undefined ? { kind: 'legacy' } : { kind: 'modern', discover };
  }

  async open(): Promise<this> {
    const { verdict, signal, server } = this.#options;
    const limits = { signal, timeout: server.startupMs };
    const giveUp = (): void => this.kill('it was given up');
    signal.addEventListener('abort', giveUp);
    try {
      await this.#client.connect(this.#transport, { ...limits, ...(verdict && { prior: verdict }) });
      await this.#listen(limits);
      this.#tools = await this.#list(limits);
      signal.throwIfAborted();
      return this;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  async call(
    tool: Tool,
    args: Readonly<Record<string, unknown>>,
    { signal, asked, progress }: LinkCall,
  ): Promise<CallToolResult> {
    const { name, inputSchema, annotations } = tool;
    // without the schema of its output, which a question in place of a result would not fit
    const toolDefinition = { name, inputSchema, ...(annotations && { annotations }) };
    const options = {
      signal,
      timeout: NO_LIMIT_MS,
      allowInputRequired: true,
      toolDefinition,
      ...(progress && {
        onprogress: (at: { progress: number; total?: number | undefined; message?: string | undefined }) =>
          progress(
            `${at.progress}${at.total === undefined ? '' : ` of ${at.total}`} ${at.message ?? ''}`.trim(),
          ),
      }),
    };
    this.#asked.add(asked);
    try {
      let more: object = {};
      for (let round = 0; round < ROUNDS; round += 1) {
        const result = await this.#client.callTool(
          { name: tool.name, arguments: { ...args }, ...more },
          options,
        );
        if (!isInputRequired(result)) return result;
        more = await answersTo(result, asked, signal);
      }
      throw new Error(`it asked more than ${ROUNDS} times`);
    } finally {
      this.#asked.delete(asked);
    }
  }

  async read(uri: string, { signal, asked }: LinkCall): Promise<CallToolResult> {
    this.#asked.add(asked);
    try {
      return await this.resources.read(uri, { signal, timeout: NO_LIMIT_MS });
    } finally {
      this.#asked.delete(asked);
    }
  }

  async ping(timeoutMs: number): Promise<void> {
    if (this.#client.getProtocolEra() === 'modern') await this.#client.discover({ timeout: timeoutMs });
    else await this.#client.ping({ timeout: timeoutMs });
  }

  kill(reason: string): void {
    this.#end(reason);
    if (this.#transport instanceof StdioTransport) this.#transport.kill('SIGKILL');
    else void this.#client.close();
  }

  async close(): Promise<void> {
    this.#end('it was closed');
    await this.#client.close();
  }

  async #answer(params: ElicitRequestParams, signal: AbortSignal): Promise<ElicitResult> {
    const asked = [...this.#asked].at(-1);
    return asked === undefined ? { action: 'cancel' } : asked(params, signal);
  }

  /** In 2026-07-28 what changes is told only to those who listen. */
  async #listen(limits: { readonly signal: AbortSignal; readonly timeout: number }): Promise<void> {
    const client = this.#client;
    if (client.getProtocolEra() !== 'modern' || client.getServerCapabilities()?.tools?.listChanged !== true)
      return;
    const { closed } = await client.listen({ toolsListChanged: true }, { timeout: limits.timeout });
    void closed.then((by) => {
      if (by === 'remote' && !this.#isOver) this.kill('it stopped to tell what changes');
    });
  }

  async #list(limits: { readonly signal?: AbortSignal; readonly timeout: number }): Promise<readonly Tool[]> {
    const { tools } = await this.#client.listTools(undefined, { ...limits, cacheMode: 'refresh' });
    return tools;
  }

  #listAgain(): void {
    const last = this.#listing ?? Promise.resolve();
    this.#listing = last.then(async () => {
      try {
        this.#tools = await this.#list({ timeout: this.#options.server.startupMs });
        if (!this.#isOver) this.#options.onTools(this.#tools);
      } catch (error) {
        this.kill(
          `its tools could not be listed again: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    });
  }
}

/** The SDK does not say in the type of a result that it may be one of these. */
const isInputRequired = (result: unknown): result is InputRequiredResult => isInputRequiredResult(result);

async function answersTo(
  { inputRequests = {}, requestState }: InputRequiredResult,
  asked: LinkCall['asked'],
  signal: AbortSignal,
): Promise<object> {
  const inputResponses: Record<string, ElicitResult> = {};
  for (const [key, request] of Object.entries(inputRequests)) {
    if (request.method !== 'elicitation/create')
      throw new Error(`it wants ${request.method}, which is not offered`);
    inputResponses[key] = await asked(request.params, signal);
  }
  return { inputResponses, ...(requestState !== undefined && { requestState }) };
}
