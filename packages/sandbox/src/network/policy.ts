import { zoneOf } from './addresses.ts';
import { isAmong, parseDomain, plainHost, type Destination } from './domain.ts';

/** What a proxy lets through. */
export interface PolicyOptions {
  /** Domains on the internet. */
  readonly domains: readonly string[];
  /** Whether other computers of the private networks may be reached. */
  readonly lan: boolean;
  readonly resolve: (host: string) => Promise<readonly string[]>;
}

/** A refusal, for the program that asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export type Policy = (destination: Destination) => Promise<readonly string[]>;

/**
 * Gives the addresses to connect to. They are looked up once and judged all together: a name that also leads to where
 * it must not is refused, and nobody looks it up again.
 *
 * @throws SandboxError `domain_invalid`
 */
export function policyOf({ domains, lan, resolve }: PolicyOptions): Policy {
  const allowed = domains.map(parseDomain);
  return async (destination) => {
    const host = plainHost(destination.host);
    if (host === null) throw new Refusal(`${JSON.stringify(destination.host)} is no host`);
    const isListed = isAmong(allowed, { ...destination, host });
    if (!isListed && !lan) throw new Refusal(notListed(host, destination.port, domains));
    const addresses = await resolve(host);
    const zones = new Set(addresses.map(zoneOf));
    const isOnly = (zone: 'internet' | 'lan'): boolean => zones.size === 1 && zones.has(zone);
    if ((isListed && isOnly('internet')) || (lan && isOnly('lan'))) return addresses;
    if (addresses.length === 0) throw new Refusal(`${host} has no address`);
    if (!isListed) throw new Refusal(notListed(host, destination.port, domains));
    throw new Refusal(`${host} leads to ${addresses.join(', ')}, which is not on the internet`);
  };
}

function notListed(host: string, port: number, domains: readonly string[]): string {
  const reachable =
    domains.length === 0 ? 'only the private network is' : `allowed are ${domains.join(', ')}`;
  return `${host} at port ${port} is not allowed from this sandbox: ${reachable}`;
}
