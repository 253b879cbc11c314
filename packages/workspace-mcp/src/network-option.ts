import { parseDomain, SandboxError, type Network } from '@deskhand/sandbox';
import { ConfigError } from '@deskhand/server-runtime';
import type { OpenPort } from './workplace.ts';

/** What the command line says of the network. */
export interface NetworkOptions {
  readonly network: Network['mode'];
  readonly allowPort: readonly string[];
  readonly sharePort: readonly string[];
  readonly allowDomain: readonly string[];
  readonly allowLan: boolean;
}

/** @throws ConfigError for what does not go together, or is no port or domain */
export function networkOf(options: NetworkOptions): Network {
  const { network: mode, allowDomain: domains, allowLan: lan } = options;
  if (mode !== 'allowlist' && domains.length > 0) {
    throw new ConfigError('--allow-domain', 'it needs --network allowlist');
  }
  for (const domain of domains) checkDomain(domain);
  const hostPorts = portsOf('--allow-port', options.allowPort);
  const sharedPorts = portsOf('--share-port', options.sharePort);
  if (mode === 'none') {
    if (hostPorts.length > 0) throw new ConfigError('--allow-port', 'with --network none nothing is reached');
    if (sharedPorts.length > 0)
      throw new ConfigError('--share-port', 'with --network none nothing is shared');
    if (lan) throw new ConfigError('--allow-lan', 'with --network none nothing is reached');
    return { mode };
  }
  const local = { hostPorts, sharedPorts, lan };
  return mode === 'local' ? { mode, ...local } : { mode, ...local, domains };
}

/** What commands reach, in words, with the ports that the person opened since the start. */
export function networkWords(network: Network, opened: readonly OpenPort[] = []): string {
  if (network.mode === 'none') return 'none but its own loopback';
  const { hostPorts = [], sharedPorts = [], lan = false } = network;
  const given = (direction: OpenPort['direction']): readonly number[] =>
    opened.filter((port) => port.direction === direction && port.isGiven()).map(({ port }) => port);
  const reached = [
    ...[...hostPorts, ...given('reach')].map((port) => `port ${port} of this machine`),
    ...[...sharedPorts, ...given('share')].map((port) => `port ${port} from this machine`),
    ...(lan ? ['the private network through a proxy'] : []),
    ...(network.mode === 'allowlist' ? network.domains.map((domain) => `${domain} through a proxy`) : []),
  ];
  return ['its own loopback', ...reached].join(', ');
}

function portsOf(flag: string, texts: readonly string[]): readonly number[] {
  return texts.map((text) => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (port > 0 && port < 65_536) return port;
    throw new ConfigError(flag, `${JSON.stringify(text)} is no port: use 1 to 65535`);
  });
}

function checkDomain(domain: string): void {
  try {
    parseDomain(domain);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    throw new ConfigError('--allow-domain', `${error.message}. ${error.hint}`, { cause: error });
  }
}
