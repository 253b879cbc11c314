import { randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { ensureStateHome } from '@deskhand/grants';
import { ConfigError } from '../config/config-error.ts';
import { PrivateFile } from './private-file.ts';
import {
  digestOf,
  formatTokenList,
  labelForm,
  parseOwnerToken,
  parseTokenList,
  type Caller,
  type KnownToken,
  type StoredToken,
  type TokenRecord,
} from './token-record.ts';

/** Where the tokens of a server are. */
export interface TokenStoreOptions {
  /** Absolute; made when missing, refused when other users may write to it. */
  readonly folder: string;
  /** The server's name: the files are `<name>.token` and `<name>.tokens.json`. */
  readonly name: string;
  /** Milliseconds since the epoch. Default: the clock. */
  readonly now?: () => number;
}

/** What a new token is for. */
export interface TokenRequest {
  /** Lower case letters, digits and hyphens; stands in the record of every call. */
  readonly label: string;
  /** The only tools it lists and calls. Default: all. */
  readonly tools?: readonly string[];
  /** Default: never. */
  readonly expiresInMs?: number;
}

/**
 * The tokens that open a server's HTTP door. What the files say holds from the next question on, also when another
 * process has changed them. All methods throw ConfigError when a file is broken, a link, or open to other users.
 */
export interface TokenStore {
  /** The owner's token, made at first use. */
  owner(): Promise<string>;
  /** Who shows this token; undefined when it is unknown, revoked or expired. */
  verify(bearer: string): Caller | undefined;
  /** Whether the token that a caller once showed still counts. */
  holds(caller: Caller): boolean;
  /**
   * Makes a token. Its text is in the answer and nowhere else.
   *
   * @throws ConfigError when the label is taken or not allowed, or nothing could be done with the token.
   */
  create(request: TokenRequest): Promise<TokenRecord & { readonly token: string }>;
  /** Without the owner's; the expired ones too. */
  list(): readonly TokenRecord[];
  /** Whether there was such a token. */
  revoke(label: string): Promise<boolean>;
}

/** Labels that say something else in the record of calls. */
const reserved = ['owner', 'stdio', 'attach', 'call'];

const newToken = (): string => `deskhand_${randomBytes(32).toString('base64url')}`;

/** @throws ConfigError or GrantsError when the folder or a file is not safe. */
export function openTokenStore(options: TokenStoreOptions): TokenStore {
  ensureStateHome(options.folder);
  return new FileTokenStore(options);
}

class FileTokenStore implements TokenStore {
  readonly #owner;
  readonly #list;
  readonly #now: () => number;

  constructor({ folder, name, now = Date.now }: TokenStoreOptions) {
    this.#owner = new PrivateFile(join(folder, `${name}.token`), parseOwnerToken);
    this.#list = new PrivateFile(join(folder, `${name}.tokens.json`), parseTokenList);
    this.#now = now;
  }

  async owner(): Promise<string> {
    if (this.#owner.read() === undefined) {
      await this.#owner.update((known) => (known === undefined ? `${newToken()}\n` : undefined));
    }
    const made = this.#owner.read();
    if (made === undefined)
      throw new ConfigError(this.#owner.path, 'was removed while it was made. Try again');
    return made.token;
  }

  verify(bearer: string): Caller | undefined {
    const digest = digestOf(bearer);
    // Every one is compared, so that the time says nothing about which one was close.
    return this.#counting().filter((token) => timingSafeEqual(token.digest, digest))[0]?.caller;
  }

  holds({ id }: Caller): boolean {
    return this.#counting().some(({ caller }) => caller.id === id);
  }

  async create(request: TokenRequest): Promise<TokenRecord & { readonly token: string }> {
    refuseUseless(request);
    const token = newToken();
    const made = record(request, this.#now());
    await this.#list.update((list) => {
      const others = withoutExpired(list?.stored ?? [], request.label, this.#now());
      return formatTokenList([...others, { ...made, sha256: digestOf(token).toString('hex') }]);
    });
    return { ...made, token };
  }

  list(): readonly TokenRecord[] {
    return (this.#list.read()?.stored ?? []).map(withoutDigest);
  }

  async revoke(label: string): Promise<boolean> {
    let found = false;
    await this.#list.update((list) => {
      const left = list?.stored.filter((token) => token.label !== label);
      found = left?.length !== list?.stored.length;
      return found && left ? formatTokenList(left) : undefined;
    });
    return found;
  }

  #counting(): readonly KnownToken[] {
    const owner = this.#owner.read();
    const scoped = this.#list.read()?.known ?? [];
    return [...(owner ? [owner] : []), ...scoped].filter(({ expiresAt }) => expiresAt > this.#now());
  }
}

function refuseUseless({ label, tools, expiresInMs }: TokenRequest): void {
  if (!labelForm.test(label)) {
    throw new ConfigError(`label ${label}`, 'use lower case letters, digits and hyphens, 40 at most');
  }
  if (reserved.includes(label)) throw new ConfigError(`label ${label}`, 'is reserved; choose another one');
  if (tools?.length === 0) throw new ConfigError('tools', 'name at least one tool, or none for all');
  if (expiresInMs !== undefined && !(expiresInMs > 0 && expiresInMs < 1e13)) {
    throw new ConfigError('expires', 'is not a time from now, such as 12h or 7d');
  }
}

type NewToken = Omit<StoredToken, 'sha256'>;

function record({ label, tools, expiresInMs }: TokenRequest, now: number): NewToken {
  return {
    label,
    ...(tools !== undefined && { tools: [...tools] }),
    createdAt: new Date(now).toISOString(),
    ...(expiresInMs !== undefined && { expiresAt: new Date(now + expiresInMs).toISOString() }),
  };
}

/** The tokens to keep beside a new one of this label, whose expired namesake goes. */
function withoutExpired(stored: readonly StoredToken[], label: string, now: number): readonly StoredToken[] {
  const namesake = stored.find((token) => token.label === label);
  if (namesake === undefined) return stored;
  if (namesake.expiresAt === undefined || Date.parse(namesake.expiresAt) > now) {
    throw new ConfigError(
      `label ${label}`,
      'there is such a token. Revoke it first, or choose another label',
    );
  }
  return stored.filter((token) => token !== namesake);
}

const withoutDigest = ({ label, tools, createdAt, expiresAt }: StoredToken): TokenRecord => ({
  label,
  ...(tools !== undefined && { tools }),
  createdAt,
  ...(expiresAt !== undefined && { expiresAt }),
});
