/** Who has the turn, or wants it. */
export interface TurnTaker {
  readonly session: string;
  readonly actor: string;
  readonly tool: string;
}

/** The call whose turn it is. */
export interface TurnHolder extends TurnTaker {
  /** How long it has had the turn. */
  readonly seconds: number;
}

/**
 * What became of waiting for a turn. `left`: the caller's signal was aborted first. `overdue`: the call whose turn
 * it is was answered, by a time-out or a cancellation, and still has not stopped. `crowded`: another session has the
 * turn and a second one waits for it.
 */
export type Turn =
  { readonly kind: 'taken' | 'left' } | { readonly kind: 'overdue' | 'crowded'; readonly holder: TurnHolder };

interface Waiting {
  readonly session: string;
  take(): void;
}

/**
 * Gives turns one at a time. Calls of one session come in their order; two sessions take turns with each other, and
 * those of a third are turned away.
 */
export class Turns {
  readonly #waiting: Waiting[] = [];
  readonly #graceMs: number;
  #holder: { readonly taker: TurnTaker; readonly since: number } | undefined;
  #overdue = new AbortController();
  #grace: NodeJS.Timeout | undefined;

  /** `graceMs`: how long an answered call may take to stop before those behind it are turned away. */
  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  async take(taker: TurnTaker, signal: AbortSignal): Promise<Turn> {
    if (signal.aborted) return { kind: 'left' };
    const holder = this.#holder;
    if (holder === undefined) return this.#give(taker);
    if (this.#overdue.signal.aborted) return { kind: 'overdue', holder: held(holder) };
    if (this.#isCrowdedFor(taker.session, holder.taker.session)) {
      return { kind: 'crowded', holder: held(holder) };
    }
    return this.#wait(taker, signal);
  }

  /** Says that the call whose turn it is was answered but may still be at work. */
  answered(): void {
    this.#grace = setTimeout(() => this.#overdue.abort(), this.#graceMs).unref();
  }

  /** Passes the turn on, to the other session if it waits. */
  release(): void {
    clearTimeout(this.#grace);
    if (this.#overdue.signal.aborted) this.#overdue = new AbortController();
    const last = this.#holder?.taker.session;
    this.#holder = undefined;
    const next = this.#waiting.find(({ session }) => session !== last) ?? this.#waiting[0];
    next?.take();
  }

  #give(taker: TurnTaker): Turn {
    this.#holder = { taker, since: performance.now() };
    return { kind: 'taken' };
  }

  #isCrowdedFor(session: string, holder: string): boolean {
    if (session === holder) return false;
    const waiting = this.#waiting.map((other) => other.session);
    return !waiting.includes(session) && waiting.some((other) => other !== holder);
  }

  #wait(taker: TurnTaker, signal: AbortSignal): Promise<Turn> {
    const overdue = this.#overdue.signal;
    return new Promise((resolve) => {
      const settled = new AbortController();
      const settle = (turn: () => Turn): void => {
        settled.abort();
        this.#waiting.splice(this.#waiting.indexOf(mine), 1);
        resolve(turn());
      };
      const mine: Waiting = { session: taker.session, take: () => settle(() => this.#give(taker)) };
      const isOverdue = (): Turn =>
        this.#holder === undefined ? { kind: 'left' } : { kind: 'overdue', holder: held(this.#holder) };
      this.#waiting.push(mine);
      signal.addEventListener('abort', () => settle(() => ({ kind: 'left' })), { signal: settled.signal });
      overdue.addEventListener('abort', () => settle(isOverdue), { signal: settled.signal });
    });
  }
}

const held = ({ taker, since }: { readonly taker: TurnTaker; readonly since: number }): TurnHolder => ({
  ...taker,
  seconds: Math.floor((performance.now() - since) / 1000),
});
