import type { Gateway } from './gateway.ts';
import { GatewayError } from './gateway-error.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { PolicyGateway } from './policy-gateway.ts';
import type { GatewayServer } from './servers/server-config.ts';

/**
 * Starts the servers; resolves when our own have listed their tools, or failed to, and those of others that were never
 * seen before had a moment. What a server listed to a session before is its list until it lists its tools again.
 *
 * @throws GatewayError when the state folder cannot be used, or two servers have one name; the reason of the signal
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  refuseNamesakes(options.servers);
  options.signal?.throwIfAborted();
  const gateway = new PolicyGateway(options);
  try {
    await gateway.settled(options.signal);
    return gateway;
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

/** What was allowed to the one would be allowed to the other. */
function refuseNamesakes(servers: readonly GatewayServer[]): void {
  const names = servers.map(({ name }) => name.toLowerCase());
  const twice = servers.find(({ name }, at) => names.indexOf(name.toLowerCase()) !== at);
  if (twice === undefined) return;
  throw new GatewayError('config_invalid', `two MCP servers are called ${twice.name}`, {
    hint: 'Give one of them another name; those of this project keep theirs.',
  });
}
