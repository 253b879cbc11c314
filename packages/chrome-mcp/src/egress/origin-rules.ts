import { decide, GrantsError, type Rule } from '@deskhand/grants';
import { isIP } from 'node:net';
import { reachOf, type Reach } from './addresses.ts';
import { sensitivityOf } from './sensitive-origins.ts';

/** A place on the network, before its name is looked up. */
export interface Endpoint {
  /** Lower case; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

export type RefusalCode =
  | 'origin_blocked'
  | 'origin_not_allowed'
  | 'private_origin'
  | 'private_address'
  | 'sensitive_origin'
  | 'grants_unreadable'
  | 'policy_unreadable';

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
  /** What persons said, by flags and grants; read at every connection. While it throws GrantsError nothing is allowed. */
  readonly rules: () => readonly Rule[];
  /** What the policy says: it denies whatever persons say, and what it asks about needs a word of theirs. */
  readonly policy?: () => readonly Rule[] | EgressRefusal;
  /** Nothing is allowed that no rule allows. Otherwise the public internet is, but for what is sensitive. */
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
    const name = originsOf(endpoint)[0] ?? endpoint.host;
    const said = this.#said();
    if ('why' in said) return said;
    const [person, policy] = [decisionFor(endpoint, said.rules), decisionFor(endpoint, said.policy)];
    if (policy === 'deny') return { ...refusal('origin_blocked', `${name} is blocked`), hint: BY_POLICY };
    if (person === 'deny') return refusal('origin_blocked', `${name} is blocked`);
    const literal = isIP(endpoint.host) === 0 ? null : reachOf(endpoint.host);
    if (person === 'allow') return { allowed: true, reaches: reachesOf(endpoint.host, literal) };
    if (policy === 'ask' || person === 'ask')
      return refusal('origin_not_allowed', `${name} is not allowed: a person has to be asked`);
    if (policy === 'allow') return { allowed: true, reaches: reachesOf(endpoint.host, literal) };
    return this.#judgeUnset(endpoint.host, { name, literal });
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

  /** Nobody said anything. */
  #judgeUnset(
    host: string,
    { name, literal }: { readonly name: string; readonly literal: Reach | null },
  ): EgressVerdict {
    if (this.#options.isListOnly) return refusal('origin_not_allowed', `${name} is not allowed`);
    if ((literal !== null && literal !== 'public') || LOOPBACK_NAME.test(host))
      return refusal('private_origin', `${name} is on this computer or its network, and nobody allowed it`);
    const sensitivity = sensitivityOf(host);
    return sensitivity === null
      ? { allowed: true, reaches: ['public'] }
      : refusal('sensitive_origin', `${name} is ${sensitivity}, and nobody allowed it`);
  }

  #said(): { readonly rules: readonly Rule[]; readonly policy: readonly Rule[] } | EgressRefusal {
    const { rules, policy = () => [] } = this.#options;
    try {
      const rows = policy();
      return 'why' in rows ? rows : { rules: rules(), policy: rows };
    } catch (error) {
      if (!(error instanceof GrantsError)) throw error;
      return { ...refusal('grants_unreadable', error.message), hint: error.hint };
    }
  }
}

const BY_POLICY = 'The policy of this computer forbids it; nobody can be asked for it.';

/** A connection shows no scheme: any that could be meant may block, and any may allow. */
function decisionFor(endpoint: Endpoint, rules: readonly Rule[]): Rule['decision'] | 'unset' {
  const found = originsOf(endpoint).map((origin) => decide(rules, { kind: 'origin', origin }).decision);
  return (['deny', 'ask', 'allow'] as const).find((decision) => found.includes(decision)) ?? 'unset';
}

/** The person named it, so it may be on the own network; on this computer only when no name server decides that. */
function reachesOf(host: string, literal: Reach | null): readonly Reach[] {
  if (literal !== null) return [literal];
  return LOCAL_NAME.test(host) ? ['public', 'private', 'loopback'] : ['public', 'private'];
}

const refusal = (code: RefusalCode, why: string): EgressRefusal => ({ allowed: false, code, why });

/** Where a URL leads; `null` for what needs no connection. */
export function endpointOf(url: string): Endpoint | null {
  if (!URL.canParse(url)) return null;
  const { hostname, port, protocol } = new URL(url);
  const usual = USUAL_PORTS[protocol];
  if (usual === undefined) return null;
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return { host, port: port === '' ? usual : Number(port) };
}

const USUAL_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443 };

function originsOf({ host, port }: Endpoint): readonly string[] {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  const schemes =
    port === 80 ? ['http', 'ws'] : port === 443 ? ['https', 'wss'] : ['http', 'https', 'ws', 'wss'];
  return schemes.map((scheme) => `${scheme}://${name}:${port}`);
}
