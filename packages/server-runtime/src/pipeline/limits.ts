import { ToolError } from '../tool-error.ts';
import type { Call } from './call.ts';
import type { Layer } from './layer.ts';

/** How many calls a process takes. */
export interface LimitOptions {
  /** Calls a minute of one tool by one actor; 0 for no limit. A third of them may come at once. Default 3000. */
  readonly perMinute?: number;
  /** Calls that run or wait at the same time, of all sessions; half for one, three quarters for one actor. Default 128. */
  readonly inFlight?: number;
}

/** Whose call it is. */
type Caller = Pick<Call, 'session' | 'actor'>;

interface Bucket {
  left: number;
  filledAt: number;
}

/** What the calls of all sessions of a process are counted against. */
export class Limits {
  readonly #perMinute: number;
  readonly #inFlight: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();
  /** Calls in flight by whose they are; all of them under the empty name. */
  readonly #running = new Map<string, number>();

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(
    { perMinute = 3000, inFlight = 128 }: LimitOptions = {},
    now = (): number => performance.now(),
  ) {
    this.#perMinute = perMinute;
    this.#inFlight = inFlight;
    this.#now = now;
  }

  /** Counts a call; gives the seconds until one is allowed again if this one is not. */
  take(actor: string, tool: string): number | undefined {
    if (this.#perMinute === 0) return undefined;
    const now = this.#now();
    const perMs = this.#perMinute / 60_000;
    const size = Math.max(1, this.#perMinute / 3);
    const key = JSON.stringify([actor, tool]);
    const bucket = this.#buckets.get(key) ?? { left: size, filledAt: now };
    bucket.left = Math.min(size, bucket.left + (now - bucket.filledAt) * perMs);
    bucket.filledAt = now;
    this.#buckets.set(key, bucket);
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perMs / 1000));
    bucket.left -= 1;
    return undefined;
  }

  /** False when too many calls are in flight, so that none is left for others; otherwise `end` must follow. */
  begin(by: Caller): boolean {
    const shares = this.#shares(by);
    if (shares.some(([name, most]) => this.#count(name) >= most)) return false;
    for (const [name] of shares) this.#running.set(name, this.#count(name) + 1);
    return true;
  }

  end(by: Caller): void {
    for (const [name] of this.#shares(by)) {
      const left = this.#count(name) - 1;
      if (left > 0) this.#running.set(name, left);
      else this.#running.delete(name);
    }
  }

  #shares({ session, actor }: Caller): readonly (readonly [name: string, most: number])[] {
    return [
      ['', this.#inFlight],
      [`actor ${actor}`, Math.ceil(this.#inFlight * 0.75)],
      [`session ${session}`, Math.ceil(this.#inFlight / 2)],
    ];
  }

  #count(name: string): number {
    return this.#running.get(name) ?? 0;
  }
}

/** Counts a call, or a step of one. @throws ToolError `rate_limited` when it comes too fast */
export type Count = (call: Pick<Call, 'actor' | 'name'>) => void;

/** Unknown tools count as one. */
export const counting =
  (limits: Limits, isTool: (name: string) => boolean): Count =>
  ({ actor, name }) => {
    const retryAfter = limits.take(actor, isTool(name) ? name : '');
    if (retryAfter !== undefined) throw rateLimited(name, retryAfter);
  };

/** Refuses calls that come too fast or are too many. */
export function withinLimits(limits: Limits, count: Count): Layer<Call> {
  return async (call, next) => {
    count(call);
    if (!limits.begin(call)) throw tooMany();
    try {
      return await next(call);
    } finally {
      limits.end(call);
    }
  };
}

function rateLimited(name: string, retryAfter: number): ToolError {
  return new ToolError('rate_limited', `${name.slice(0, 200)} was called too often`, {
    hint: `Try again in ${retryAfter} s.`,
    details: { retryAfter },
  });
}

function tooMany(): ToolError {
  return new ToolError('too_many_calls', 'Too many calls are running or waiting', {
    hint: 'Wait for answers before you send more.',
  });
}
