import type { Caller } from './token-record.ts';

/** What `/ready` says. */
export interface ReadinessOptions {
  /** Rejects when the server cannot do its work, with the reason. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  readonly timeoutMs: number;
  /** What a caller with a token sees besides. */
  readonly detail: () => Readonly<Record<string, unknown>>;
}

/** Finds out whether the server can work; however many ask at once, it is tried once. */
export class Readiness {
  readonly #options: ReadinessOptions;
  #trying: Promise<string | undefined> | undefined;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  /** 200 or 503, with a body only for callers with a token. */
  async answer(caller: Caller | undefined): Promise<Response> {
    this.#trying ??= this.#try();
    const reason = await this.#trying;
    const status = reason === undefined ? 200 : 503;
    if (caller === undefined) return new Response(null, { status });
    const verdict = reason === undefined ? { status: 'ready' } : { status: 'not ready', reason };
    return Response.json({ ...verdict, ...this.#options.detail() }, { status });
  }

  async #try(): Promise<string | undefined> {
    const { ready, timeoutMs } = this.#options;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      await Promise.race([ready(signal), aborted(signal, timeoutMs)]);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      this.#trying = undefined;
    }
  }
}

function aborted(signal: AbortSignal, afterMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    const late = new Error(`not ready after ${afterMs} ms`);
    signal.addEventListener('abort', () => reject(late), { once: true });
  });
}
