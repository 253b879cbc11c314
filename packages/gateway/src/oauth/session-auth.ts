import { lockFile } from '@deskhand/grants';
import {
  auth,
  UnauthorizedError,
  type AuthProvider,
  type OAuthClientMetadata,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { carefulFetch } from './careful-fetch.ts';
import type { LoginFile } from './login-file.ts';

/** How long before its end a token is exchanged for the next one. */
const EARLY_MS = 60_000;

/** Sends the token that a person got by logging in, and renews it; logs nobody in by itself. */
export class SessionAuth implements AuthProvider {
  readonly #file: LoginFile;

  constructor(file: LoginFile) {
    this.#file = file;
  }

  async token(): Promise<string | undefined> {
    const login = this.#file.read();
    if (login === undefined) return undefined;
    const { tokens, expiresAt } = login;
    const isEnding = expiresAt !== null && expiresAt - Date.now() < EARLY_MS;
    if (!isEnding || tokens.refresh_token === undefined) return tokens.access_token;
    try {
      await this.#renew(tokens.access_token);
    } catch {
      // it may be good still; if not, the server says so
    }
    return this.#file.read()?.tokens.access_token;
  }

  async onUnauthorized({ response }: { readonly response: Response }): Promise<void> {
    await response.body?.cancel();
    const login = this.#file.read();
    if (login?.tokens.refresh_token === undefined) throw new UnauthorizedError('nobody logged in');
    await this.#renew(login.tokens.access_token);
  }

  /** Once, whoever else sees at the same time that it has to be done: a refresh token may be good for one use. */
  async #renew(stale: string): Promise<void> {
    const release = await lockFile(this.#file.path);
    try {
      const login = this.#file.read();
      if (login === undefined || login.tokens.access_token !== stale) return;
      await auth(new Renewal(this.#file), {
        serverUrl: this.#file.url,
        fetchFn: carefulFetch(this.#file.url),
      });
    } finally {
      release();
    }
  }
}

/** A login that goes on; one that has to begin anew is refused. */
class Renewal implements OAuthClientProvider {
  readonly redirectUrl = 'http://127.0.0.1/callback';
  readonly clientMetadata: OAuthClientMetadata = { redirect_uris: [this.redirectUrl] };
  readonly #file: LoginFile;

  constructor(file: LoginFile) {
    this.#file = file;
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.#file.read()?.client;
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#file.read()?.tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    const login = this.#file.read();
    if (login === undefined) return;
    const { client, discovery } = login;
    // a server that does not rotate refresh tokens sends none
    this.#file.write({ client, discovery, tokens: { refresh_token: login.tokens.refresh_token, ...tokens } });
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#file.read()?.discovery;
  }

  saveDiscoveryState(): void {
    // as it was when the person logged in
  }

  invalidateCredentials(): never {
    this.#file.remove();
    throw new UnauthorizedError('the login has ended');
  }

  redirectToAuthorization(): never {
    throw new UnauthorizedError('the person has to log in');
  }

  saveCodeVerifier(): void {
    // no login begins here
  }

  codeVerifier(): never {
    throw new UnauthorizedError('the person has to log in');
  }
}
