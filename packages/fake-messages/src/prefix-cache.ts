import { createHash } from 'node:crypto';
import { canonical } from './canonical.ts';
import { expanded, loadedIn } from './deferred.ts';
import { blocksOf, type CacheControl, type CountRequest } from './request.ts';
import { tokensOf } from './tokens.ts';

/** Blocks before a breakpoint that are looked at for an earlier write. */
const LOOK_BACK = 20;
const TTL_MS = { '5m': 5 * 60_000, '1h': 60 * 60_000 } as const;

export interface InputUsage {
  /** Tokens that were neither read from the cache nor written to it. */
  readonly input: number;
  readonly read: number;
  readonly written5m: number;
  readonly written1h: number;
}

interface Part {
  /** Of all up to here. */
  readonly hash: string;
  readonly tokens: number;
  readonly breakpoint: CacheControl | null;
}

/** What the service keeps of the beginnings of requests, and what it would charge for them. */
export class PrefixCache {
  readonly #endings = new Map<string, { at: number; ttl: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  use(request: CountRequest, leastCached: number): InputUsage {
    const parts = partsOf(request);
    const total = parts.at(-1)?.tokens ?? 0;
    const breakpoints = parts.flatMap(({ breakpoint }, index) => (breakpoint === null ? [] : [index]));
    const read = parts[this.#longestKept(parts, breakpoints)]?.tokens ?? 0;
    const written = { '5m': 0, '1h': 0 };
    let upTo = read;
    for (const index of breakpoints) {
      const part = parts[index];
      if (part === undefined || part.breakpoint === null || part.tokens < leastCached) continue;
      const ttl = part.breakpoint.ttl ?? '5m';
      written[ttl] += Math.max(0, part.tokens - upTo);
      upTo = Math.max(upTo, part.tokens);
      this.#endings.set(part.hash, { at: this.#now(), ttl: TTL_MS[ttl] });
    }
    return { input: total - upTo, read, written5m: written['5m'], written1h: written['1h'] };
  }

  #longestKept(parts: readonly Part[], breakpoints: readonly number[]): number {
    for (const breakpoint of breakpoints.toReversed())
      for (let index = breakpoint; index >= Math.max(0, breakpoint - LOOK_BACK); index--)
        if (this.#isKept(parts[index]?.hash ?? '')) return index;
    return -1;
  }

  #isKept(hash: string): boolean {
    const ending = this.#endings.get(hash);
    if (ending === undefined || this.#now() - ending.at > ending.ttl) return false;
    ending.at = this.#now(); // what is read lives on
    return true;
  }
}

/** The parts of a request in the order in which they are kept: tools, system, messages. */
function partsOf(request: CountRequest): readonly Part[] {
  const { model, system = [], messages, output_config: output, speed, thinking } = request;
  const systems = typeof system === 'string' ? [{ type: 'text', text: system }] : system;
  const all = [
    ...loadedIn(request),
    ...systems,
    ...messages.flatMap((message) =>
      blocksOf(message).map((block) => ({
        ...{ cache_control: null, ...expanded(block, request) },
        ...{ role: message.role, thinking },
      })),
    ),
  ];
  let hash = canonical([model, output?.effort ?? null, speed ?? null]);
  let tokens = 0;
  const parts = all.map((part): Part => {
    const { cache_control: breakpoint = null, ...bare } = { cache_control: null, ...part };
    hash = createHash('sha256').update(hash).update(canonical(bare)).digest('hex');
    tokens += tokensOf(bare);
    return { hash, tokens, breakpoint };
  });
  const last = parts.at(-1);
  return last === undefined || request.cache_control == null
    ? parts
    : [...parts.slice(0, -1), { ...last, breakpoint: request.cache_control }];
}
