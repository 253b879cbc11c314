/** What a sandbox may reach, besides the loopback of its own that it always has. */
export type Network = { readonly mode: 'none' } | ({ readonly mode: 'local' } & Local) | Allowlist;

interface Local {
  /** Ports of this machine's loopback that are there inside, at the same numbers. */
  readonly hostPorts?: readonly number[];
  /** Ports inside that are there on this machine's loopback, at the same numbers. */
  readonly sharedPorts?: readonly number[];
  /** Other computers of the private networks, through a proxy. */
  readonly lan?: boolean;
}

type Allowlist = Local & {
  readonly mode: 'allowlist';
  /** `example.com`, `*.example.com` or `example.com:8443`, through a proxy; the ports are 80 and 443 else. */
  readonly domains: readonly string[];
};

export const DEFAULT_NETWORK: Network = { mode: 'local' };

/** Where the proxy is, inside. */
export const PROXY_PORT = 3128;

/** Whether anything is reached through the proxy. */
export const hasProxy = (network: Network): boolean =>
  network.mode === 'allowlist' || (network.mode === 'local' && network.lan === true);

/** What tells programs of the proxy. */
export function proxyEnv(network: Network, port = PROXY_PORT): Readonly<Record<string, string>> {
  if (!hasProxy(network)) return {};
  const proxy = `http://127.0.0.1:${port}`;
  const here = 'localhost,127.0.0.1,::1';
  return {
    ...{ http_proxy: proxy, https_proxy: proxy, HTTP_PROXY: proxy, HTTPS_PROXY: proxy },
    ...{ no_proxy: here, NO_PROXY: here, NODE_USE_ENV_PROXY: '1' },
  };
}
