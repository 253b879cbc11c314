import type { Protocol } from 'devtools-protocol';
import type { CdpSession } from '../cdp/connection.ts';
import type { Followed } from './followed.ts';

export type PausedRequest = Protocol.Fetch.RequestPausedEvent;

/** What becomes of a request that is not sent. */
export type Verdict =
  | { readonly kind: 'fail'; readonly reason: Protocol.Network.ErrorReason }
  | {
      readonly kind: 'fulfil';
      readonly status: number;
      readonly headers: readonly Protocol.Fetch.HeaderEntry[];
      readonly body: Buffer;
    };

/** Somebody who has a say in the requests of a tab. */
export interface Interceptor {
  /** Limits are asked before rules. */
  readonly kind: 'limit' | 'rule';
  readonly patterns: readonly Protocol.Fetch.RequestPattern[];
  /** `null` leaves it to the others, and to the network if nobody takes it. */
  readonly decide: (request: PausedRequest) => Promise<Verdict | null>;
}

/** The one owner of the Fetch domain in the sessions of a tab, which costs nothing while nobody intercepts. */
export class Interception {
  readonly #sessions: Followed<CdpSession>;
  readonly #interceptors = new Set<Interceptor>();
  readonly #enabled = new Set<CdpSession>();
  #unfollow: (() => void) | null = null;

  constructor(sessions: Followed<CdpSession>) {
    this.#sessions = sessions;
  }

  /** From the next request on, until the function that comes back is called; resolves when the browser knows. */
  async add(interceptor: Interceptor): Promise<() => Promise<void>> {
    this.#interceptors.add(interceptor);
    this.#unfollow ??= this.#sessions.follow((session) => this.#begin(session));
    await this.#update();
    return async () => {
      this.#interceptors.delete(interceptor);
      await this.#update();
    };
  }

  #begin(session: CdpSession): () => void {
    const stop = session.on('Fetch.requestPaused', (request) => void this.#paused(session, request));
    this.#enabled.add(session);
    // one that goes away meanwhile has nothing more to intercept
    this.#tell(session).catch(() => undefined);
    return () => {
      stop();
      this.#enabled.delete(session);
    };
  }

  async #update(): Promise<void> {
    await Promise.allSettled([...this.#enabled].map((session) => this.#tell(session)));
    if (this.#interceptors.size > 0) return;
    this.#unfollow?.();
    this.#unfollow = null;
  }

  #tell(session: CdpSession): Promise<unknown> {
    const patterns = [...this.#interceptors].flatMap((one) => one.patterns);
    return patterns.length === 0 ? session.send('Fetch.disable') : session.send('Fetch.enable', { patterns });
  }

  async #paused(session: CdpSession, request: PausedRequest): Promise<void> {
    const { requestId } = request;
    try {
      const verdict = await this.#decide(request);
      if (verdict === null) await session.send('Fetch.continueRequest', { requestId });
      else if (verdict.kind === 'fail') {
        await session.send('Fetch.failRequest', { requestId, errorReason: verdict.reason });
      } else {
        const { status: responseCode, headers, body } = verdict;
        const responseHeaders = [...headers];
        const answer = { requestId, responseCode, responseHeaders, body: body.toString('base64') };
        await session.send('Fetch.fulfillRequest', answer);
      }
    } catch {
      // what nobody could decide about is not sent; the page may have given it up
      const failed = { requestId, errorReason: 'Failed' } as const;
      await session.send('Fetch.failRequest', failed).catch(() => undefined);
    }
  }

  async #decide(request: PausedRequest): Promise<Verdict | null> {
    for (const kind of ['limit', 'rule'] as const) {
      for (const interceptor of this.#interceptors) {
        if (interceptor.kind !== kind) continue;
        const verdict = await interceptor.decide(request);
        if (verdict !== null) return verdict;
      }
    }
    return null;
  }
}
