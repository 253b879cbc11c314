import type { Log } from '../log.ts';
import type { DeskhandServer } from '../mcp/create-server.ts';
import type { Sessions } from '../sessions.ts';
import type { Exchange } from './exchange.ts';
import type { HttpSession } from './http-session.ts';
import { Refusal } from './refusal.ts';
import type { Caller } from './token-record.ts';

/** What a table of sessions lives by. */
export interface SessionTableOptions {
  readonly sessions: Sessions;
  /** Whether the token that opened a session still counts. */
  readonly holds: (caller: Caller) => boolean;
  readonly idleMs: number;
  readonly perToken: number;
  readonly log: Log;
}

interface Open {
  readonly id: string;
  readonly caller: Caller;
  readonly session: HttpSession;
  exchanges: number;
  lastUsed: number;
}

const sweepMs = 5_000;

/** The sessions of the HTTP door, each of one token. They end when idle for too long, or when their token ends. */
export class SessionTable {
  readonly #options: SessionTableOptions;
  readonly #open = new Map<string, Open>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(options: SessionTableOptions) {
    this.#options = options;
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(sweepMs, options.idleMs)).unref();
  }

  get size(): number {
    return this.#open.size;
  }

  /** Calls that go on without an open exchange. */
  get detached(): number {
    return [...this.#open.values()].reduce((sum, { session }) => sum + session.detached, 0);
  }

  /** The session of this token; undefined when there is none or when it is another token's. */
  find(id: string, caller: Caller): HttpSession | undefined {
    const open = this.#open.get(id);
    return open?.caller.id === caller.id ? open.session : undefined;
  }

  /** @throws Refusal 429 when the token has too many sessions, all in use. */
  open(id: string, caller: Caller, make: (server: DeskhandServer) => HttpSession): HttpSession {
    this.#makeRoom(caller);
    const { label: actor, scope } = caller;
    const session = make(this.#options.sessions.server({ id, actor, scope }));
    this.#open.set(id, { id, caller, session, exchanges: 0, lastUsed: Date.now() });
    return session;
  }

  /** Keeps the session from ending as idle until the exchange is over. */
  use(id: string, { ended }: Exchange): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    open.exchanges += 1;
    void ended.then(() => {
      open.exchanges -= 1;
      open.lastUsed = Date.now();
    });
  }

  /** Resolves when the calls of the session are recorded and its state is gone. */
  async end(id: string): Promise<void> {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    await Promise.all([open.session.close(), this.#options.sessions.end(id)]);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all([...this.#open.keys()].map((id) => this.end(id)));
  }

  #makeRoom(caller: Caller): void {
    const own = [...this.#open.values()].filter((open) => open.caller.id === caller.id);
    if (own.length < this.#options.perToken) return;
    const [oldest] = own.filter(isUnused).sort((a, b) => a.lastUsed - b.lastUsed);
    if (oldest === undefined) {
      const message = `This token has ${own.length} sessions in use. End one with DELETE first`;
      throw new Refusal(429, message, { headers: { 'Retry-After': '5' } });
    }
    this.#endSoon(oldest.id, 'too many sessions');
  }

  #sweep(): void {
    const { idleMs } = this.#options;
    for (const open of [...this.#open.values()]) {
      if (!this.#holds(open.caller)) this.#endSoon(open.id, 'token ended');
      else if (isUnused(open) && Date.now() - open.lastUsed >= idleMs) this.#endSoon(open.id, 'idle');
    }
  }

  /** While the tokens cannot be read, no request gets in anyway, and what runs may finish. */
  #holds(caller: Caller): boolean {
    try {
      return this.#options.holds(caller);
    } catch (err) {
      this.#options.log.error('the tokens cannot be read', { err });
      return true;
    }
  }

  #endSoon(id: string, why: string): void {
    const { log } = this.#options;
    log.debug('http session ends', { session: id, why });
    this.end(id).catch((err: unknown) => log.error('an http session did not end well', { session: id, err }));
  }
}

const isUnused = ({ exchanges, session }: Open): boolean => exchanges === 0 && session.detached === 0;
