import {
  Client,
  type CallToolResult,
  type PriorDiscovery,
  type ProgressNotification,
  type StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client';
import { StdioTransport } from '../process/stdio-transport.ts';
import type { Link, LinkCall, LinkOptions } from './link.ts';
import { Prompts } from './prompts.ts';
import { Questions } from './questions.ts';
import { Resources } from './resources.ts';

const CLIENT = { name: 'deskhand', version: '0.1.0' } as const;
/** A server that says nothing for so long is taken for one of the 2025 protocols. */
const PROBE_MS = 10_000;
/** The SDK's own limit, out of the way: the deadline of a call stands still while a person thinks. */
const NO_LIMIT_MS = 2_147_483_647;

/** Speaks to a server over a transport. */
export class ServerLink implements Link {
  readonly over: Promise<string>;
  readonly resources: Resources;
  readonly prompts: Prompts;
  readonly #transport: StdioTransport | StreamableHTTPClientTransport;
  readonly #options: LinkOptions;
  readonly #client: Client;
  readonly #questions: Questions;
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
    const { roots, maySample } = options;
    this.#client = new Client(CLIENT, {
      capabilities: {
        elicitation: { form: { applyDefaults: true }, url: {} },
        ...(roots && { roots: { listChanged: true } }),
        ...(maySample && { sampling: {} }),
      },
      versionNegotiation: { mode: 'auto', probe: { timeoutMs: PROBE_MS } },
    });
    this.resources = new Resources(this.#client, (uri) => options.onResource(uri));
    this.prompts = new Prompts(this.#client, options.onPrompts);
    this.#client.onclose = () => this.#end('its process ended');
    this.#client.onerror = () => undefined; // what matters of it fails a request or ends the connection
    this.#questions = new Questions(this.#client, { roots, maySample, onElicited: options.onElicited });
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

  async call(tool: Tool, args: Readonly<Record<string, unknown>>, call: LinkCall): Promise<CallToolResult> {
    const { name, inputSchema, annotations } = tool;
    const { signal, progress } = call;
    const options = {
      signal,
      timeout: NO_LIMIT_MS,
      allowInputRequired: true,
      // without the schema of its output, which a question in place of a result would not fit
      toolDefinition: { name, inputSchema, ...(annotations && { annotations }) },
      ...(progress && { onprogress: (at: Progress) => progress(progressText(at)) }),
    };
    return this.#questions.rounds(
      (more) => this.#client.callTool({ name, arguments: { ...args }, ...more }, options),
      call,
    );
  }

  async read(uri: string, { signal, asked }: LinkCall): Promise<CallToolResult> {
    return this.#questions.during(asked, () => this.resources.read(uri, { signal, timeout: NO_LIMIT_MS }));
  }

  async prompt(
    name: string,
    args: Readonly<Record<string, string>>,
    { signal, asked }: LinkCall,
  ): Promise<CallToolResult> {
    return this.#questions.during(asked, () =>
      this.prompts.get(name, args, { signal, timeout: NO_LIMIT_MS }),
    );
  }

  async ping(timeoutMs: number): Promise<void> {
    if (this.#client.getProtocolEra() === 'modern') await this.#client.discover({ timeout: timeoutMs });
    else await this.#client.ping({ timeout: timeoutMs });
  }

  tellRoots(): void {
    this.#questions.tellRoots();
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

  /** In 2026-07-28 what changes is told only to those who listen. */
  async #listen(limits: { readonly signal: AbortSignal; readonly timeout: number }): Promise<void> {
    const client = this.#client;
    const { tools, prompts } = client.getServerCapabilities() ?? {};
    const told = {
      ...(tools?.listChanged === true && { toolsListChanged: true }),
      ...(prompts?.listChanged === true && { promptsListChanged: true }),
    };
    if (client.getProtocolEra() !== 'modern' || Object.keys(told).length === 0) return;
    const { closed } = await client.listen(told, { timeout: limits.timeout });
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

type Progress = Pick<ProgressNotification['params'], 'progress' | 'total' | 'message'>;

const progressText = ({ progress, total, message = '' }: Progress): string =>
  `${progress}${total === undefined ? '' : ` of ${total}`} ${message}`.trim();
