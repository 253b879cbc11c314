import { Refusal, type Step } from './policy-call.ts';

export interface RateOptions {
  /** Calls a minute of one tool; a third of them may come at once. */
  readonly perMinute: number;
  /** Calls of one server at the same time. */
  readonly inFlight: number;
}

/** Plenty for an agent, and an end to a loop that went wild. */
export const RATE: RateOptions = { perMinute: 600, inFlight: 16 };

interface Bucket {
  left: number;
  filledAt: number;
}

/** Refuses calls that come too fast or are too many. `now`: milliseconds of a clock that never goes back. */
export function rated({ perMinute, inFlight }: RateOptions, now: () => number): Step {
  const buckets = new Map<string, Bucket>();
  const running = new Map<string, number>();
  return async (call, next) => {
    const { name, server } = call.known;
    const seconds = take(buckets, name, { perMinute, at: now() });
    if (seconds !== undefined)
      throw new Refusal(
        'rate_limited',
        `${name} was called too often; nothing was done. Try again in ${seconds} s.`,
      );
    const own = server.about.name;
    const count = running.get(own) ?? 0;
    if (count >= inFlight)
      throw new Refusal(
        'too_many_calls',
        `${count} calls of ${own} are running; nothing was done. Wait for their answers.`,
      );
    running.set(own, count + 1);
    try {
      return await next();
    } finally {
      running.set(own, (running.get(own) ?? 1) - 1);
    }
  };
}

/** Takes one from the bucket, or gives the seconds until there is one. */
function take(
  buckets: Map<string, Bucket>,
  name: string,
  { perMinute, at }: { readonly perMinute: number; readonly at: number },
): number | undefined {
  const size = Math.max(1, perMinute / 3);
  const perMs = perMinute / 60_000;
  const bucket = buckets.get(name) ?? { left: size, filledAt: at };
  bucket.left = Math.min(size, bucket.left + (at - bucket.filledAt) * perMs);
  bucket.filledAt = at;
  buckets.set(name, bucket);
  if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perMs / 1000));
  bucket.left -= 1;
  return undefined;
}
