import { join } from 'node:path';
import { inTime } from '@deskhand/grants';
import type { Tool } from '@modelcontextprotocol/client';
import { resourceTool } from './catalog/resource-tools.ts';
import { Catalog } from './catalog/catalog.ts';
import { frozenList } from './catalog/frozen-list.ts';
import { promptTool } from './catalog/prompt-call.ts';
import { callInput, ownResult, parsed } from './catalog/own-tools.ts';
import { publicName } from './catalog/tool-name.ts';
import type {
  CallOptions,
  CallOutcome,
  Gateway,
  GatewayCall,
  GatewayEvent,
  GatewayTool,
  PromptChoice,
  PromptsOptions,
  ServerStatus,
} from './gateway.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { LoginFile } from './oauth/login-file.ts';
import { Pins } from './pins/pins.ts';
import { Forms } from './policy/forms.ts';
import { guarded } from './policy/guard.ts';
import { hooked, NO_HOOKS } from './policy/hooks.ts';
import { KeptResults } from './policy/kept-results.ts';
import { performed } from './policy/perform.ts';
import { permitted } from './policy/permission.ts';
import { Refusal, type KnownCall, type PolicyCall, type Result, type Step } from './policy/policy-call.ts';
import { RATE, rated } from './policy/rate.ts';
import { Sampling } from './policy/sampling.ts';
import { recorded, type RecordOptions } from './policy/record.ts';
import { fitting, known } from './policy/scope.ts';
import { BoundedLog } from './process/bounded-log.ts';
import { scrubbed } from './process/environment.ts';
import type { GatewayServer } from './servers/server-config.ts';
import { SeenServer } from './servers/seen-server.ts';
import { rootsFor, tellMounted } from './servers/session-roots.ts';
import type { ServerPrompt } from './servers/prompts.ts';
import { SupervisedServer } from './servers/supervised-server.ts';
import { reasonOf } from './servers/unavailable.ts';
import { places, type Places } from './state-places.ts';

/** How long a session waits for servers of others that it never saw, before it begins without them. */
const OTHERS_MS = 1500;

/** Brings each call through the policy to its server. */
export class PolicyGateway implements Gateway {
  readonly #options: GatewayOptions;
  readonly #servers: readonly SupervisedServer[];
  readonly #logs: readonly BoundedLog[];
  readonly #pins: Pins;
  readonly #catalog: Catalog;
  readonly #kept = new KeptResults();
  readonly #forms: Forms;
  readonly #sampling: Sampling;
  /** Ends the listening to what folders there are. */
  readonly #deaf: (() => void) | undefined;
  readonly #steps: readonly Step[];
  readonly #listeners = new Set<(event: GatewayEvent) => void>();
  readonly #now: () => number;
  #frozen: readonly GatewayTool[] | undefined;
  #isClosed = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#now = options.now ?? ((): number => performance.now());
    const at = places(options.home);
    this.#pins = new Pins(at.pinFile);
    const started = options.servers.map((about) => this.#supervised(about, at));
    this.#servers = started.map(({ server }) => server);
    this.#logs = started.map(({ log }) => log);
    this.#catalog = new Catalog(this.#servers, this.#pins);
    this.#forms = new Forms(options.ask);
    const onAgreed = (): void => this.#catalog.forget();
    this.#steps = [
      fitting(),
      rated(options.rate ?? RATE, this.#now),
      permitted({ ...options, pins: this.#pins, onAgreed }),
      hooked(options.hooks ?? NO_HOOKS),
    ];
    this.#sampling = new Sampling({
      ...{ sampler: options.sampler, ask: options.ask },
      judged: (call, last) => recorded(call, this.#record, () => through(this.#steps, call, last)),
    });
    this.#deaf = options.folders?.listen(() => this.#servers.forEach((server) => server.tellRoots()));
    for (const server of this.#servers) server.start();
  }

  async settled(givenUp: AbortSignal = new AbortController().signal): Promise<void> {
    const awaited = this.#servers.filter(({ about, isListed }) => about.isOwn || !isListed);
    await inTime(OTHERS_MS, givenUp, (enough) =>
      Promise.all(
        awaited.map((server) => {
          const isFirst = server.about.isOwn || server.about.alwaysLoad;
          // without the slow ones; they are found later
          return server.settled(isFirst ? givenUp : enough).catch(() => undefined);
        }),
      ),
    );
    givenUp.throwIfAborted();
  }

  tools(): readonly GatewayTool[] {
    this.#frozen ??= frozenList({
      tools: this.#catalog.tools,
      others: this.#servers.flatMap(({ about }) => (about.isOwn ? [] : [about.name])),
      isIncomplete: this.#servers.some(({ about, isListed }) => !about.isOwn && !isListed),
    });
    return this.#frozen;
  }

  async call(call: GatewayCall, options: CallOptions): Promise<CallOutcome> {
    options.signal.throwIfAborted();
    const policyCall = await this.#resolved(call, options);
    return recorded(policyCall, this.#record, () => this.#judged(policyCall));
  }

  async prompts({ signal, onFailed }: PromptsOptions): Promise<readonly ServerPrompt[]> {
    await Promise.all(this.#servers.map((server) => server.settled(signal)));
    const offering = this.#servers.filter(({ offersPrompts }) => offersPrompts);
    const lists = await Promise.all(
      offering.map(async (server) => {
        const { name, startupMs } = server.about;
        try {
          const link = await server.ready(signal);
          const prompts = await link.prompts.list({ signal, timeout: startupMs });
          return prompts.map((prompt) => ({ server: name, ...prompt }));
        } catch (error) {
          signal.throwIfAborted();
          onFailed(name, reasonOf(error));
          return [];
        }
      }),
    );
    return lists.flat();
  }

  async prompt(choice: PromptChoice, options: CallOptions): Promise<CallOutcome> {
    options.signal.throwIfAborted();
    const server = this.#servers.find(({ about }) => about.name === choice.server);
    const known = server === undefined ? undefined : promptTool(server);
    const input = { name: choice.name, arguments: choice.arguments };
    const call = { id: choice.id, name: 'prompts/get', input, known, options, decided: [] };
    return recorded(call, this.#record, async () => {
      this.#refuseClosed();
      if (known === undefined) throw new Refusal('unknown_server', `There is no server ${choice.server}.`);
      return this.#stepped({ ...call, known });
    });
  }

  servers(): readonly ServerStatus[] {
    return this.#servers.map(({ status }) => status);
  }

  listen(hear: (event: GatewayEvent) => void): () => void {
    this.#listeners.add(hear);
    for (const { about } of this.#servers) {
      const tools = this.#suspended(about.name);
      if (tools.length > 0) hear({ kind: 'changed', server: about.name, tools });
    }
    return () => void this.#listeners.delete(hear);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#deaf?.();
    await Promise.all(this.#servers.map((server) => server.close()));
    for (const log of this.#logs) log.close();
  }

  /** `call_tool` is the tool that it names. */
  async #resolved(call: GatewayCall, options: CallOptions): Promise<PolicyCall> {
    const inner = call.name === 'call_tool' ? callInput.safeParse(call.input) : undefined;
    const { name, input } = inner?.success ? { name: inner.data.name, input: inner.data.arguments } : call;
    if (name.includes('__')) await this.#listed(name, options.signal);
    const known = this.#catalog.tools.get(name) ?? resourceTool({ name, input }, this.#servers);
    return { id: call.id, name, input, known, options, decided: [] };
  }

  /** Of a server that is starting still, a tool may be known from before, or be known to a session that goes on. */
  async #listed(name: string, signal: AbortSignal): Promise<void> {
    const server = this.#catalog.tools.get(name)?.server;
    const awaited = server === undefined ? this.#servers : [server];
    try {
      await Promise.all(awaited.map((one) => one.settled(signal)));
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }

  async #judged(call: PolicyCall): Promise<Result> {
    this.#refuseClosed();
    if (call.name === 'call_tool') parsed(callInput, call.input);
    const parts = { catalog: this.#catalog, kept: this.#kept, servers: this.#servers };
    const own = call.known === undefined ? ownResult(call, parts) : undefined;
    if (own !== undefined) return own;
    return this.#stepped(known(call, this.#catalog));
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new Refusal('closed', 'The session was closed; nothing was done.');
  }

  async #stepped(call: KnownCall): Promise<Result> {
    return through(this.#steps, call, async () => {
      const result = await performed(call, { forms: this.#forms, sampling: this.#sampling });
      tellMounted(call.known.server.about, result, this.#options.folders);
      return guarded(call, result, this.#kept);
    });
  }

  get #record(): RecordOptions {
    return { ledger: this.#options.ledger, session: this.#options.session, now: this.#now };
  }

  #supervised(about: GatewayServer, { logs, seen, records }: Places): Started {
    const logFile = join(logs, `mcp-${about.name.replaceAll(/[^A-Za-z0-9-]/g, '_')}.log`);
    const log = new BoundedLog(logFile);
    const { reached } = about;
    const roots = rootsFor(about, this.#options.folders);
    const server: SupervisedServer = new SupervisedServer(about, {
      stdio: {
        env: scrubbed(this.#options.env, reached.kind === 'stdio' ? reached.env : {}),
        onError: (bytes) => log.write(bytes),
        onStart: (pid) => records.add(pid),
      },
      logFile,
      ...(reached.kind === 'http' && {
        login: new LoginFile(this.#options.home, { name: about.name, url: reached.url }),
      }),
      ...(!about.isOwn && { seen: new SeenServer(seen, about) }),
      onStatus: (status) => this.#tell({ kind: 'server', status }),
      onTools: (before) => this.#meet(server, before),
      ...(roots && { roots }),
      maySample: about.maySample === true && this.#options.sampler !== undefined,
      onElicited: () => this.#tell({ kind: 'elicited', server: about.name }),
      onPrompts: () => this.#tell({ kind: 'prompts', server: about.name }),
      onResource: (uri) => this.#tell({ kind: 'resource', server: about.name, uri }),
    });
    return { server, log };
  }

  /** Its tools are as they were agreed to, or suspended. */
  #meet(server: SupervisedServer, before: readonly Tool[]): void {
    const { name, isOwn } = server.about;
    const changed = isOwn ? [] : this.#pins.meet(name, server.tools);
    this.#catalog.forget();
    const added = namesOnlyIn(server.tools, before, name);
    const removed = namesOnlyIn(before, server.tools, name);
    if (added.length > 0 || removed.length > 0) this.#tell({ kind: 'tools', server: name, added, removed });
    if (changed.length > 0) this.#tell({ kind: 'changed', server: name, tools: changed });
  }

  #suspended(server: string): readonly string[] {
    const tools = [...this.#catalog.tools.values()];
    return tools.flatMap(({ server: { about }, tool, isSuspended }) =>
      about.name === server && isSuspended ? [tool.name] : [],
    );
  }

  #tell(event: GatewayEvent): void {
    for (const hear of this.#listeners) hear(event);
  }
}

interface Started {
  readonly server: SupervisedServer;
  readonly log: BoundedLog;
}

function namesOnlyIn(tools: readonly Tool[], others: readonly Tool[], server: string): readonly string[] {
  const known = new Set(others.map(({ name }) => name));
  return tools.filter(({ name }) => !known.has(name)).map(({ name }) => publicName(server, name));
}

/** Each step decides whether and how the rest happens. */
function through(steps: readonly Step[], call: KnownCall, last: () => Promise<Result>): Promise<Result> {
  const [first, ...rest] = steps;
  return first === undefined ? last() : first(call, () => through(rest, call, last));
}
