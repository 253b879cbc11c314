import { unlessAborted } from './turns.ts';
import type { Browser } from './browser.ts';
import { BrowserUnavailable } from './failure.ts';
import { joins, type JoinOptions } from './join.ts';

/** A browser, and how it was got. */
export interface Opened {
  readonly browser: Browser;
  /** What the person would not expect of it. */
  readonly note: string | null;
  /** It was started by us, with nobody else's pages in it. */
  readonly isOurs: boolean;
  readonly close: () => Promise<void>;
}

/** The one browser of all sessions: got at the first call that needs it, and again when it is gone. */
export class SharedBrowser {
  readonly #open: (signal: AbortSignal) => Promise<Opened>;
  /** It runs already, with pages of the person. */
  readonly isJoined: boolean;
  readonly #asksPerson: boolean;
  readonly #closing = new AbortController();
  readonly #owners = new Map<string, object>();
  #current: Promise<Opened> | null = null;

  constructor(
    open: (signal: AbortSignal) => Promise<Opened>,
    choice: Pick<JoinOptions, 'browserUrl' | 'autoConnect'> = {},
  ) {
    this.#open = open;
    this.isJoined = joins(choice);
    this.#asksPerson = choice.autoConnect === true;
  }

  /** One that asks the person goes on asking after this wait is given up. @throws BrowserUnavailable */
  async get(signal: AbortSignal): Promise<Opened> {
    const current = this.#current ?? this.#start();
    try {
      return await unlessAborted(current, signal);
    } catch (cause) {
      const isAsking = this.#asksPerson && this.#current === current && cause === signal.reason;
      if (!isAsking || !(cause instanceof Error) || cause.name !== 'TimeoutError') throw cause;
      throw new BrowserUnavailable(
        'The browser asks the person whether it may be joined, and nobody answered yet',
        {
          hint: 'Ask the person to allow it in the browser, and try again: it goes on waiting.',
          cause,
        },
      );
    }
  }

  /** Says that a page is a session's own; `false` when it is another's. */
  claim(targetId: string, owner: object): boolean {
    const known = this.#owners.get(targetId);
    if (known === undefined) this.#owners.set(targetId, owner);
    return known === undefined || known === owner;
  }

  isFree(targetId: string): boolean {
    return !this.#owners.has(targetId);
  }

  release(targetId: string): void {
    this.#owners.delete(targetId);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the server ends'));
    const current = this.#current;
    this.#current = null;
    // one that could not be started has nothing to close
    const opened = await current?.catch(() => null);
    await opened?.close();
  }

  #start(): Promise<Opened> {
    const current = this.#open(this.#closing.signal);
    this.#current = current;
    const forget = (): void => {
      if (this.#current === current) this.#current = null;
    };
    current.then(({ browser, close }) => {
      browser.connection.closed.addEventListener('abort', () => {
        this.#owners.clear();
        forget();
        // what a browser that died left behind
        close().catch(() => undefined);
      });
    }, forget);
    return current;
  }
}
