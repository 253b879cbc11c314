import { parseOriginPattern, type Rule } from '@deskhand/grants';
import { Recent } from '@deskhand/server-runtime';
import { EgressProxy, type DialFailure } from './egress-proxy.ts';
import {
  endpointOf,
  OriginRules,
  type EgressRefusal,
  type EgressVerdict,
  type Endpoint,
} from './origin-rules.ts';

/** Stands for every origin on the public internet. */
const PUBLIC = 'public';
const MAX_KNOWN = 256;

export interface EgressOptions {
  /** Patterns of origins, or `public`; nothing else is allowed when there is one. */
  readonly allow: readonly string[];
  readonly block: readonly string[];
  /** What persons allowed and blocked, as it holds now: for one session, or for all that live. */
  readonly granted: (session: string | null) => readonly Rule[];
  /** What the policy says now. */
  readonly policy?: () => readonly Rule[] | EgressRefusal;
}

/** Why a connection did not come about. */
export type Obstacle = EgressRefusal | { readonly allowed: true; readonly failure: DialFailure };

/** Where a browser of ours may connect to, and what kept it from elsewhere. The way out is opened when it is needed. */
export class Egress {
  readonly #rulesFor: (session: string | null) => OriginRules;
  readonly #obstacles = new Recent<string, Obstacle>(MAX_KNOWN);
  #proxy: EgressProxy | null = null;

  /** @throws InvalidPattern */
  constructor({ allow, block, granted, policy = () => [] }: EgressOptions) {
    const fixed = [
      ...allow.filter((pattern) => pattern !== PUBLIC).map((pattern) => ruleFor('allow', pattern)),
      ...block.map((pattern) => ruleFor('deny', pattern)),
    ];
    const isListOnly = allow.length > 0 && !allow.includes(PUBLIC);
    this.#rulesFor = (session) =>
      new OriginRules({ rules: () => [...fixed, ...granted(session)], policy, isListOnly });
  }

  /** Whether a session may open an address itself; `null` for one that needs no connection. */
  judge(url: string, session: string): EgressVerdict | null {
    const endpoint = endpointOf(url);
    return endpoint === null ? null : this.#rulesFor(session).judge(endpoint);
  }

  /** Arguments that leave a browser no other way out. */
  async browserFlags(): Promise<readonly string[]> {
    this.#proxy ??= await EgressProxy.start({
      // a connection does not say whose it is
      rules: this.#rulesFor(null),
      onRefusal: (endpoint, refusal) => void this.#obstacles.set(keyOf(endpoint), refusal),
      onFailure: (endpoint, failure) => void this.#obstacles.set(keyOf(endpoint), { allowed: true, failure }),
      onConnect: (endpoint) => this.#obstacles.delete(keyOf(endpoint)),
    });
    return this.#proxy.browserFlags;
  }

  /** Ends the connections that are not allowed any more. */
  review(): void {
    this.#proxy?.review();
  }

  /** What stands between the browser and an address, as far as it was tried. */
  obstacle(url: string): Obstacle | null {
    const endpoint = endpointOf(url);
    return endpoint === null ? null : (this.#obstacles.get(keyOf(endpoint)) ?? null);
  }

  async close(): Promise<void> {
    const proxy = this.#proxy;
    this.#proxy = null;
    await proxy?.close();
  }
}

/** A pattern of origins that is none. */
export class InvalidPattern extends Error {
  override readonly name = 'InvalidPattern';
}

function ruleFor(decision: Rule['decision'], pattern: string): Rule {
  if (parseOriginPattern(pattern) !== null) return { resource: { kind: 'origin', pattern }, decision };
  throw new InvalidPattern(
    `"${pattern}" is no pattern of origins: write https://example.com, https://*.example.com, http://localhost:* or, for all of the public internet, public`,
  );
}

const keyOf = ({ host, port }: Endpoint): string => `${host} ${port}`;
