import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { inTime } from '@deskhand/grants';
import { SdkHttpError, type PriorDiscovery, type Tool } from '@modelcontextprotocol/client';
import type { ServerState, ServerStatus } from '../gateway.ts';
import type { LoginFile } from '../oauth/login-file.ts';
import type { Link, LinkOptions } from './link.ts';
import { ListedTools } from './listed-tools.ts';
import { openLink } from './open-link.ts';
import type { SeenServer } from './seen-server.ts';
import type { GatewayServer } from './server-config.ts';
import { AUTH, isAuth, reasonOf, ServerUnavailable } from './unavailable.ts';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
/** A call waits for a restart that comes within this. */
const PATIENCE_MS = 2_000;
const PING_MS = 3_000;

export interface SupervisionOptions {
  readonly stdio: LinkOptions['stdio'];
  readonly login?: LoginFile;
  /** Where the words of its standard error are, to be named in a problem. */
  readonly logFile: string;
  /** Of a server whose tools may be taken from what it listed to a session before. */
  readonly seen?: SeenServer;
  readonly onStatus: (status: ServerStatus) => void;
  readonly onTools: (before: readonly Tool[]) => void;
  readonly roots?: LinkOptions['roots'];
  readonly maySample: boolean;
  readonly onPrompts: () => void;
  readonly onElicited: () => void;
  readonly onResource: (uri: string) => void;
}

const AGAIN_NOW = 'it is started again now';

/** A server that is started, watched and started again. Ready means that its tools were listed in this life. */
export class SupervisedServer {
  readonly about: GatewayServer;
  readonly #options: SupervisionOptions;
  readonly #closing = new AbortController();
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #listed: ListedTools;
  #state: ServerState = 'starting';
  #generation = 0;
  #since = new Date().toISOString();
  #problem: string | null = null;
  #retry: string | null = null;
  #weaknesses: readonly string[] | null = null;
  #link: Link | undefined;
  #verdict: PriorDiscovery | undefined;
  /** In a row. */
  #failures = 0;
  #retryAt = 0;
  #run: Promise<void> | undefined;

  constructor(about: GatewayServer, options: SupervisionOptions) {
    this.about = about;
    this.#options = options;
    this.#listed = new ListedTools(about, options.seen);
  }

  /** Whether it is known which tools it has, from now or from before. */
  get isListed(): boolean {
    return this.#listed.isKnown;
  }

  /** What it listed last, maybe to a session before; kept while it is started again. */
  get tools(): readonly Tool[] {
    return this.#listed.tools;
  }

  get offersResources(): boolean {
    return this.#link?.resources.areOffered === true;
  }

  get offersPrompts(): boolean {
    return this.#link?.prompts.areOffered === true;
  }

  get status(): ServerStatus {
    return {
      name: this.about.name,
      state: this.#state,
      since: this.#since,
      generation: this.#generation,
      tools: this.tools.length,
      problem: this.#problem,
      retry: this.#retry,
      weaknesses: this.#weaknesses,
    };
  }

  start(): void {
    this.#run = this.#live();
  }

  get whyUnavailable(): string {
    const why = [this.#problem ?? 'it is closed', ...(this.#retry === null ? [] : [this.#retry])].join('; ');
    return `the server ${this.about.name} cannot be reached: ${why}`;
  }

  /** Resolves when its first start came to something, good or bad. */
  async settled(signal: AbortSignal): Promise<void> {
    while (this.#state === 'starting' && this.#failures === 0)
      await once(this.#changes, 'change', { signal });
  }

  /**
   * The connection, when it is there or comes soon.
   *
   * @throws ServerUnavailable
   */
  async ready(signal: AbortSignal): Promise<Link> {
    const failures = this.#failures;
    for (;;) {
      signal.throwIfAborted();
      if (this.#link?.isOver === false) return this.#link;
      if (this.#state === 'needs-auth') throw this.#unavailable('needs_auth');
      const isHopeless =
        this.#state === 'degraded' &&
        (this.#failures > failures + 1 || this.#retryAt - Date.now() > PATIENCE_MS);
      if (this.#state === 'stopped' || isHopeless) throw this.#unavailable('server_unavailable');
      await once(this.#changes, 'change', { signal });
    }
  }

  /** The folders of the session are others now. */
  tellRoots(): void {
    this.#link?.tellRoots();
  }

  /** Says that a call was answered, so that it is well. */
  answered(): void {
    this.#failures = 0;
  }

  /** Starts it again unless it answers. */
  async check(link: Link): Promise<void> {
    try {
      await link.ping(PING_MS);
    } catch {
      link.kill('it did not answer any more');
    }
  }

  /** What a failed call says about the connection. */
  judge(link: Link, error: unknown): void {
    if (this.about.reached.kind !== 'http') return;
    if (isAuth(error)) link.kill(AUTH);
    else if (error instanceof SdkHttpError || error instanceof TypeError) link.kill(reasonOf(error));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#link?.close();
    await this.#run;
  }

  async #live(): Promise<void> {
    const { signal } = this.#closing;
    while (!this.#isClosing()) {
      this.#generation += 1;
      this.#set('starting', this.#problem, this.#problem === null ? null : AGAIN_NOW);
      const problem = await this.#oneLife();
      if (this.#isClosing()) break;
      if (problem === AUTH) {
        this.#set('needs-auth', `${AUTH}. The person can log in: deskhand mcp login ${this.about.name}`);
        await this.#loggedIn(signal);
        continue;
      }
      this.#failures += 1;
      const wait =
        this.#failures === 1 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 2));
      this.#retryAt = Date.now() + wait;
      const retry = wait === 0 ? AGAIN_NOW : `it is started again in ${wait / 1000} s`;
      this.#set('degraded', `${problem}${this.#whereLogged}`, retry);
      await delay(wait, undefined, { signal }).catch(() => undefined); // closed
    }
    this.#set('stopped', null);
  }

  async #loggedIn(signal: AbortSignal): Promise<void> {
    const { login } = this.#options;
    try {
      if (login === undefined) await once(signal, 'abort');
      else await login.changed(login.read()?.tokens.access_token, signal);
    } catch {
      // it was closed, or nobody can tell: the session goes on without it
      if (!signal.aborted) await once(signal, 'abort');
    }
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Returns why it is over. */
  async #oneLife(): Promise<string> {
    const { signal } = this.#closing;
    let link: Link | undefined;
    let isLate = (): boolean => false;
    try {
      link = await inTime(this.about.startupMs, signal, (patience) => {
        isLate = () => patience.aborted;
        return this.#open(patience);
      });
      this.#verdict = link.verdict;
      this.#link = link;
      if (signal.aborted) await link.close();
      this.#setTools(link.tools);
      this.#set('ready', null);
      return await link.over;
    } catch (error) {
      link?.kill('its tools cannot be used');
      this.#verdict = undefined;
      if (isAuth(error)) return AUTH;
      return isLate() ? `it was not ready after ${this.about.startupMs / 1000} s` : reasonOf(error);
    } finally {
      this.#link = undefined;
    }
  }

  #open(signal: AbortSignal): Promise<Link> {
    return openLink({
      server: this.about,
      stdio: this.#options.stdio,
      ...(this.#options.login && { login: this.#options.login }),
      verdict: this.#verdict,
      signal,
      onTools: (tools) => this.#setTools(tools),
      onSandbox: (weaknesses) => (this.#weaknesses = weaknesses),
      ...(this.#options.roots && { roots: this.#options.roots }),
      maySample: this.#options.maySample,
      onPrompts: this.#options.onPrompts,
      onElicited: this.#options.onElicited,
      onResource: this.#options.onResource,
    });
  }

  #setTools(tools: readonly Tool[]): void {
    const before = this.tools;
    this.#listed.set(tools);
    if (this.#state === 'ready') this.#listed.remember(this.status);
    this.#options.onTools(before);
  }

  #set(state: ServerState, problem: string | null, retry: string | null = null): void {
    if (state !== this.#state) this.#since = new Date().toISOString();
    this.#state = state;
    this.#problem = problem;
    this.#retry = retry;
    if (state !== 'starting' && state !== 'stopped') this.#listed.remember(this.status);
    this.#options.onStatus(this.status);
    this.#changes.emit('change');
  }

  get #whereLogged(): string {
    return this.about.reached.kind === 'stdio' ? ` (its own words are in ${this.#options.logFile})` : '';
  }

  #unavailable(code: ServerUnavailable['code']): ServerUnavailable {
    return new ServerUnavailable(code, this.whyUnavailable);
  }
}
