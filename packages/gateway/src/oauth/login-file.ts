import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  isSpecType,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { z } from 'zod';

const loginSchema = z.strictObject({
  v: z.literal(1),
  /** Of the server: to no other are the tokens sent. */
  url: z.string(),
  client: z.custom<StoredOAuthClientInformation>((value) => isSpecType.OAuthClientInformation(value)),
  tokens: z.custom<StoredOAuthTokens>((value) => isSpecType.OAuthTokens(value)),
  /** Milliseconds since 1970; null where the server did not say. */
  expiresAt: z.number().nullable(),
  discovery: z.custom<OAuthDiscoveryState>((value) => hasServer.safeParse(value).success),
});

const hasServer = z.looseObject({ authorizationServerUrl: z.string() });

/** That a person logged in at a server. */
export type Login = z.output<typeof loginSchema>;

/** The login at one server, in a file that only the person can read: of the state folder, by name and URL of the server. */
export class LoginFile {
  readonly path: string;
  readonly url: string;

  constructor(home: string, { name, url }: { readonly name: string; readonly url: string }) {
    const letters = name.replaceAll(/[^A-Za-z0-9-]/g, '_').slice(0, 60);
    const digest = createHash('sha256')
      .update(JSON.stringify([name, url]))
      .digest('hex');
    this.path = join(home, 'gateway', 'logins', `${letters}-${digest.slice(0, 12)}.json`);
    this.url = url;
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
  }

  read(): Login | undefined {
    try {
      const login = loginSchema.parse(JSON.parse(readFileSync(this.path, 'utf8')));
      return login.url === this.url ? login : undefined;
    } catch {
      return undefined; // nobody logged in, or the file is broken: a new login writes it anew
    }
  }

  write(login: Omit<Login, 'v' | 'url' | 'expiresAt'>): void {
    const { expires_in: seconds } = login.tokens;
    const expiresAt = seconds === undefined ? null : Date.now() + seconds * 1000;
    const text = JSON.stringify({ v: 1, url: this.url, ...login, expiresAt }, null, 1);
    writeFileAtomic(this.path, `${text}\n`, { mode: 0o600 });
  }

  /** Whether there was one. */
  remove(): boolean {
    const isThere = this.read() !== undefined;
    rmSync(this.path, { force: true });
    return isThere;
  }

  /** Resolves when another login is there than that of this token, or at the abort. */
  changed(from: string | undefined, signal: AbortSignal): Promise<void> {
    const isAnother = (): boolean => {
      const token = this.read()?.tokens.access_token;
      return token !== undefined && token !== from;
    };
    return new Promise((resolve, reject) => {
      const watcher = watch(dirname(this.path), { signal }, () => {
        if (isAnother()) watcher.close();
      });
      watcher.on('close', resolve).on('error', reject);
      // what was written before the watch began
      if (isAnother()) watcher.close();
    });
  }
}
