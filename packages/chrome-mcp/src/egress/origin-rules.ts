import { decide, GrantsError, type Rule } from '@deskhand/grants';
import { isIP } from 'node:net';
import { reachOf, type Reach } from './addresses.ts';

/** A place on the network, before its name is looked up. */
export interface Endpoint {
  /** Lower case; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

export type RefusalCode =
  'origin_blocked' | 'origin_not_allowed' | 'private_origin' | 'private_address' | 'grants_unreadable';

export interface EgressRefusal {
  readonly allowed: false;
  readonly code: RefusalCode;
  readonly why: string;
  /** What mends it, where that is not a word of allowance. */
  readonly hint?: string;
}

/** `reaches` are the kinds of addresses that the name may turn out to have. */
export type EgressVerdict = { readonly allowed: true; readonly reaches: readonly Reach[] } | EgressRefusal;

export interface OriginRulesOptions {
  /** What holds now, of flags and of grants; read at every connection. While it throws GrantsError nothing is allowed. */
  readonly rules: () => readonly Rule[];
  /** Nothing is allowed that no rule allows. Otherwise the public internet is. */
  readonly isListOnly: boolean;
}

/** Names that nobody can register, so that nobody from outside chooses where they lead. */
const LOCAL_NAME = /^(?:[^.]+|.*\.(?:localhost|local|test|internal|home\.arpa|lan))$/;
const LOOPBACK_NAME = /(?:^|\.)localhost$/;

/** Says which places a browser may connect to. */
export class OriginRules {
  readonly #options: OriginRulesOptions;

  constructor(options: OriginRulesOptions) {
    this.#options = options;
  }

  /** By its name alone. */
  judge(endpoint: Endpoint): EgressVerdict {
    const { isListOnly } = this.#options;
    const name = originsOf(endpoint)[0] ?? endpoint.host;
    const decision = this.#decisionFor(endpoint);
    if (typeof decision === 'object') return decision;
    if (decision === 'deny') return refusal('origin_blocked', `${name} is blocked`);
    const literal = isIP(endpoint.host) === 0 ? null : reachOf(endpoint.host);
    if (decision === 'allow') return { allowed: true, reaches: reachesOf(endpoint.host, literal) };
    if (decision === 'ask' || isListOnly) return refusal('origin_not_allowed', `${name} is not allowed`);
    const isPrivate = (literal !== null && literal !== 'public') || LOOPBACK_NAME.test(endpoint.host);
    return isPrivate
      ? refusal('private_origin', `${name} is on this computer or its network, and nobody allowed it`)
      : { allowed: true, reaches: ['public'] };
  }

  /** The addresses of a name that may be connected to. */
  judgeAddresses(
    endpoint: Endpoint,
    addresses: readonly string[],
  ): { readonly allowed: true; readonly addresses: readonly string[] } | EgressRefusal {
    const verdict = this.judge(endpoint);
    if (!verdict.allowed) return verdict;
    const fit = addresses.filter((address) => verdict.reaches.includes(reachOf(address)));
    if (fit.length > 0) return { allowed: true, addresses: fit };
    return refusal(
      'private_address',
      `${endpoint.host} leads to ${addresses.join(', ')}, which is not on the public internet`,
    );
  }

  #rules(): readonly Rule[] | EgressRefusal {
    try {
      return this.#options.rules();
    } catch (error) {
      if (!(error instanceof GrantsError)) throw error;
      return { ...refusal('grants_unreadable', error.message), hint: error.hint };
    }
  }

  /** A connection shows no scheme: any that could be meant may block, and any may allow. */
  #decisionFor(endpoint: Endpoint): Rule['decision'] | 'unset' | EgressRefusal {
    const rules = this.#rules();
    if ('why' in rules) return rules;
    const found = originsOf(endpoint).map((origin) => decide(rules, { kind: 'origin', origin }).decision);
    return (['deny', 'ask', 'allow'] as const).find((decision) => found.includes(decision)) ?? 'unset';
  }
}

/** The person named it, so it may be on the own network; on this computer only when no name server decides that. */
function reachesOf(host: string, literal: Reach | null): readonly Reach[] {
  if (literal !== null) return [literal];
  return LOCAL_NAME.test(host) ? ['public', 'private', 'loopback'] : ['public', 'private'];
}

const refusal = (code: RefusalCode, why: string): EgressRefusal => ({ allowed: false, code, why });

function originsOf({ host, port }: Endpoint): readonly string[] {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  const schemes =
    port === 80 ? ['http', 'ws'] : port === 443 ? ['https', 'wss'] : ['http', 'https', 'ws', 'wss'];
  return schemes.map((scheme) => `${scheme}://${name}:${port}`);
}
