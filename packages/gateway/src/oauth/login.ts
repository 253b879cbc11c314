import {
  auth,
  extractWWWAuthenticateParams,
  type OAuthClientMetadata,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { GatewayError } from '../gateway-error.ts';
import type { GatewayServer } from '../servers/server-config.ts';
import { carefulFetch, safeUrl } from './careful-fetch.ts';
import { LoginFile } from './login-file.ts';
import { openRedirect, type Redirect } from './redirect.ts';

export interface LoginOptions {
  /** The state folder, absolute. */
  readonly home: string;
  /** Shows the person where to log in. */
  readonly show: (url: URL) => void;
  readonly signal: AbortSignal;
}

/**
 * Has the person log in at a server over HTTP, in their browser, and keeps what the server gave for it.
 *
 * @throws GatewayError `login_failed`
 */
export async function login(server: GatewayServer, { home, show, signal }: LoginOptions): Promise<void> {
  const { name, reached } = server;
  if (reached.kind !== 'http')
    throw failed(
      name,
      'it is started by a command',
      'Give it what it needs in its variables: deskhand mcp add --env',
    );
  const file = new LoginFile(home, { name, url: reached.url });
  const redirect = await openRedirect(signal);
  try {
    const fetchFn = carefulFetch(reached.url, { signal });
    const beginning = new Beginning(redirect, (url) => show(safeUrl(url, reached.url)));
    const place = { serverUrl: reached.url, fetchFn, ...(await challengeOf(reached.url, signal)) };
    await auth(beginning, place);
    const { code, iss } = await redirect.answer;
    await auth(beginning, { ...place, authorizationCode: code, ...(iss !== null && { iss }) });
    file.write(beginning.login());
  } catch (error) {
    signal.throwIfAborted();
    throw failed(name, reasonOf(error), `Try again: deskhand mcp login ${name}`);
  } finally {
    redirect.close();
  }
}

/** Forgets the login; whether there was one. The server is not told. */
export function logout({ name, reached }: GatewayServer, home: string): boolean {
  return reached.kind === 'http' && new LoginFile(home, { name, url: reached.url }).remove();
}

/** What the server says about where to log in. */
async function challengeOf(
  url: string,
  signal: AbortSignal,
): Promise<{ resourceMetadataUrl?: URL; scope?: string }> {
  const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
  await response.body?.cancel();
  if (response.status !== 401) return {};
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(response);
  return { ...(resourceMetadataUrl && { resourceMetadataUrl }), ...(scope !== undefined && { scope }) };
}

/** `fetch failed` says why in its cause only. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}, ${error.cause.message}` : error.message;
}

const failed = (name: string, why: string, hint: string): GatewayError =>
  new GatewayError('login_failed', `nobody could be logged in at ${name}: ${why}`, { hint });

/** One login from its beginning, in memory until it is whole. */
class Beginning implements OAuthClientProvider {
  readonly redirectUrl: string;
  readonly clientMetadata: OAuthClientMetadata;
  readonly #redirect: Redirect;
  readonly #show: (url: URL) => void;
  #verifier = '';
  #client: StoredOAuthClientInformation | undefined;
  #tokens: StoredOAuthTokens | undefined;
  #discovery: OAuthDiscoveryState | undefined;

  constructor(redirect: Redirect, show: (url: URL) => void) {
    this.#redirect = redirect;
    this.#show = show;
    this.redirectUrl = redirect.url;
    this.clientMetadata = {
      client_name: 'Deskhand',
      redirect_uris: [redirect.url],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    };
  }

  login(): {
    client: StoredOAuthClientInformation;
    tokens: StoredOAuthTokens;
    discovery: OAuthDiscoveryState;
  } {
    const [client, tokens, discovery] = [this.#client, this.#tokens, this.#discovery];
    if (client === undefined || tokens === undefined || discovery === undefined)
      throw new Error('the server gave no token');
    return { client, tokens, discovery };
  }

  state(): string {
    return this.#redirect.state;
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.#client;
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.#client = client;
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.#tokens = tokens;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovery;
  }

  saveDiscoveryState(discovery: OAuthDiscoveryState): void {
    this.#discovery = discovery;
  }

  redirectToAuthorization(url: URL): void {
    this.#show(url);
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }
}
