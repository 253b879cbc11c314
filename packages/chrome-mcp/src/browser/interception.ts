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
  /** Name and password for an origin that wants them; `null` leaves it to the others. */
  readonly authenticate?: (origin: string) => Answer | null;
}

interface Answer {
  readonly username: string;
  readonly password: string;
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
    const answered = new Set<string>();
    const stops = [
      session.on('Fetch.requestPaused', (request) => void this.#paused(session, request)),
      session.on('Fetch.authRequired', ({ requestId, authChallenge }) => {
        const { origin, source } = authChallenge;
        const answer = source === 'Proxy' ? null : this.#credentials(origin);
        // asked again, it does not take them
        const authChallengeResponse =
          answer === null
            ? { response: 'Default' as const }
            : answered.has(requestId)
              ? { response: 'CancelAuth' as const }
              : { response: 'ProvideCredentials' as const, ...answer };
        answered.add(requestId);
        // the page may have given it up
        session.send('Fetch.continueWithAuth', { requestId, authChallengeResponse }).catch(() => undefined);
      }),
    ];
    this.#enabled.add(session);
    // one that goes away meanwhile has nothing more to intercept
    this.#tell(session).catch(() => undefined);
    return () => {
      for (const stop of stops) stop();
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
    const handleAuthRequests = [...this.#interceptors].some((one) => one.authenticate !== undefined);
    return patterns.length === 0
      ? session.send('Fetch.disable')
      : session.send('Fetch.enable', { patterns, handleAuthRequests });
  }

  #credentials(origin: string): Answer | null {
    for (const { authenticate } of this.#interceptors) {
      const answer = authenticate?.(origin) ?? null;
      if (answer !== null) return answer;
    }
    return null;
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
