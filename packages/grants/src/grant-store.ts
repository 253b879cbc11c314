import { randomUUID } from 'node:crypto';
import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import {
  ANY_SUBJECT,
  endOfSession,
  grantDraftSchema,
  type Grant,
  type GrantDraft,
  type GrantOf,
} from './grant.ts';
import { GrantFile } from './grant-file.ts';
import type { GrantRow } from './grant-text.ts';
import { GrantsError } from './grants-error.ts';
import { grantsIn, LiveGrants } from './live-grants.ts';
import { sameResource, type Resource, type ResourceKind } from './resource.ts';
import { ensureStateHome } from './state-home.ts';
import { SteadyClock } from './steady-clock.ts';

export interface GrantStoreOptions {
  /** The state folder, absolute; see `stateHome`. */
  readonly home: string;
  /** A session that may go on in another process: what it is given is written, and ends with the day. */
  readonly session?: string;
  /** Closes the store. */
  readonly signal?: AbortSignal;
  /** Called after the file changed, by this or another process, so that work under way can look again. */
  readonly onChange?: () => void;
}

interface ListOptions {
  readonly subject?: string;
}

interface AddOptions {
  /** Written whatever its scope is, for the process that serves the subject. */
  readonly shared?: boolean;
}

/** What a person allowed and denied. Every call that cannot be sure of the answer throws `GrantsError`. */
export interface GrantStore {
  /** `grants.json` in the state folder. */
  readonly file: string;
  /**
   * Every grant that holds now, also when another process changed the file a moment ago.
   * With a subject: those for it and for everyone. About applications unless `kinds` says otherwise.
   */
  list<K extends ResourceKind>(of: ListOptions & { readonly kinds: readonly K[] }): readonly GrantOf<K>[];
  list(of?: ListOptions): readonly GrantOf<'app'>[];
  /** Adds a grant, in place of one of the same subject, resource, scope and origin. */
  add(draft: GrantDraft, options?: AddOptions): Promise<Grant>;
  /** Revokes one grant by id, or all of a resource; returns those revoked. */
  revoke(target: string | Resource): Promise<readonly Grant[]>;
  /** Revokes all that was given to one session, which is over. */
  endSession(session: string): Promise<readonly Grant[]>;
  /** Stops watching and forgets the grants of scope `once` and `session`. */
  close(): void;
}

/**
 * Opens the store, creating folder and file when missing.
 * @throws GrantsError when either is a link, belongs to another user, or can be written by others
 */
export async function openGrantStore({ home, ...options }: GrantStoreOptions): Promise<GrantStore> {
  const { signal } = options;
  signal?.throwIfAborted();
  ensureStateHome(home);
  const file = new GrantFile(join(home, 'grants.json'));
  await file.create(signal);
  refuseUnsafe(file);
  return new FileGrantStore(home, file, options);
}

/** A broken file does not keep the store from opening: it denies all until mended. */
function refuseUnsafe(file: GrantFile): void {
  try {
    file.rows();
  } catch (error) {
    if (!(error instanceof GrantsError) || error.code !== 'grants_file_broken') throw error;
  }
}

class FileGrantStore implements GrantStore {
  readonly file: string;
  readonly #file: GrantFile;
  readonly #watcher: FSWatcher | undefined;
  readonly #live = new LiveGrants();
  readonly #clock = new SteadyClock();
  readonly #session: string | undefined;
  #unwritten: readonly Grant[] = [];
  #open = true;

  constructor(home: string, file: GrantFile, options: Omit<GrantStoreOptions, 'home'>) {
    this.#file = file;
    this.#session = options.session;
    this.file = file.path;
    this.#watcher = watchFolder(home, () => this.#refresh(options.onChange));
    options.signal?.addEventListener('abort', () => this.close(), { once: true });
  }

  list<K extends ResourceKind>(of: ListOptions & { readonly kinds: readonly K[] }): readonly GrantOf<K>[];
  list(of?: ListOptions): readonly GrantOf<'app'>[];
  list({
    subject,
    kinds = ['app'],
  }: ListOptions & { kinds?: readonly ResourceKind[] } = {}): readonly Grant[] {
    this.#refuseClosed();
    const stored = { rows: this.#file.rows(), unwritten: this.#unwritten };
    return this.#live.list(stored, { subject, kinds }, this.#clock.now());
  }

  async add(draft: GrantDraft, { shared = false }: AddOptions = {}): Promise<Grant> {
    this.#refuseClosed();
    if (draft.subject === ANY_SUBJECT && draft.scope !== 'always') throw forNobody(draft.scope);
    const createdAt = new Date().toISOString();
    const isKept = draft.scope !== 'always' && draft.subject === this.#session;
    const limited = isKept ? { expires: endOfSession(), ...draft } : draft;
    const grant: Grant = { id: randomUUID(), ...grantDraftSchema.parse(limited), createdAt };
    const isReplaced = (old: Grant): boolean => isSameRight(old, grant);
    if (shared || isKept || grant.scope === 'always') {
      await this.#file.update((rows) => [...revokeRows(rows, isReplaced, createdAt), { known: true, grant }]);
    } else {
      this.#unwritten = [...this.#unwritten.filter((old) => !isReplaced(old)), grant];
    }
    return grant;
  }

  async revoke(target: string | Resource): Promise<readonly Grant[]> {
    return this.#revokeAll((grant) =>
      typeof target === 'string' ? grant.id === target : sameResource(grant.resource, target),
    );
  }

  async endSession(session: string): Promise<readonly Grant[]> {
    return this.#revokeAll(({ subject, scope }) => subject === session && scope !== 'always');
  }

  async #revokeAll(isMeant: (grant: Grant) => boolean): Promise<readonly Grant[]> {
    this.#refuseClosed();
    const revokedAt = new Date().toISOString();
    const revoked = this.#unwritten.filter(isMeant);
    this.#unwritten = this.#unwritten.filter((grant) => !isMeant(grant));
    await this.#file.update((rows) => {
      const meant = grantsIn(rows).filter((grant) => grant.revokedAt === undefined && isMeant(grant));
      revoked.push(...meant);
      return meant.length === 0 ? rows : revokeRows(rows, isMeant, revokedAt);
    });
    return revoked.map((grant) => ({ ...grant, revokedAt }));
  }

  close(): void {
    this.#open = false;
    this.#unwritten = [];
    this.#watcher?.close();
  }

  #refuseClosed(): void {
    if (!this.#open)
      throw new GrantsError('grants_closed', 'the grants were closed', { hint: 'Start the server again.' });
  }

  #refresh(onChange: (() => void) | undefined): void {
    if (!this.#open) return;
    try {
      this.#file.rows();
    } catch {
      // Whoever lists next is told; a change it is all the same.
    }
    onChange?.();
  }
}

/** A session that calls itself `*` would share what it was given with all others. */
const forNobody = (scope: Grant['scope']): GrantsError =>
  new GrantsError('subject_invalid', `a grant of scope ${scope} must name its session, and "*" names none`, {
    hint: 'Start the session under another name.',
  });

const isSameRight = (a: Grant, b: Grant): boolean =>
  a.subject === b.subject &&
  a.scope === b.scope &&
  a.origin === b.origin &&
  sameResource(a.resource, b.resource);

const revokeRows = (
  rows: readonly GrantRow[],
  isMeant: (grant: Grant) => boolean,
  revokedAt: string,
): readonly GrantRow[] =>
  rows.map((row) =>
    row.known && row.grant.revokedAt === undefined && isMeant(row.grant)
      ? { known: true, grant: { ...row.grant, revokedAt } }
      : row,
  );

/** The watch only spares readers the parsing and tells `onChange`; each read looks at the file itself. */
function watchFolder(folder: string, onEvent: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => {
      if (name === 'grants.json') onEvent();
    });
    return watcher.on('error', () => watcher.close());
  } catch {
    return undefined; // the system has no watches left
  }
}
