import {
  ANY_SUBJECT,
  checkIdentity,
  identityHolds,
  statIdentity,
  type AskDecision,
  type AskedApp,
  type ExecutableIdentity,
  type ExecutablePlace,
  type GrantFlags as StoredFlags,
  type GrantStore,
} from '@deskhand/grants';
import { appKey, type AppGrant, type AppIdentity, type Subject } from '@deskhand/tier-policy';

/** What persons allowed, as it holds for the programs that run right now. */
export class Access {
  readonly #store: GrantStore;
  readonly #session: string;
  /** Files, as they stand, whose content was found to be the approved one. */
  readonly #sameContent = new Set<string>();
  /** Approvals that depend on a content which could not be read while the desktop was held. */
  readonly #unread = new Map<string, Approval>();

  constructor(store: GrantStore, session: string) {
    this.#store = store;
    this.#session = session;
  }

  /**
   * The grants for the applications of `subjects`. An approval whose executable is not the approved file any
   * more is left out. Reads memory and file attributes only, so it may run while the desktop is held.
   */
  for(subjects: readonly Subject[]): readonly AppGrant[] {
    const apps = subjects.flatMap(appsOf);
    return this.#store.list({ subject: this.#session }).flatMap((grant) => {
      const meant = apps.filter((app) => appKey(app) === grant.resource.app);
      if (meant.length === 0) return [];
      const holds = (app: AppIdentity): boolean => this.#isApprovedFile(grant.identity, app);
      if (grant.decision === 'allow' && !meant.every(holds)) return [];
      return [
        {
          app: grant.resource.app,
          decision: grant.decision,
          ...(grant.tier === undefined ? {} : { tier: grant.tier }),
          ...(grant.flags === undefined ? {} : { flags: definedFlags(grant.flags) }),
        },
      ];
    });
  }

  /**
   * Reads what `for` could not: executables that were touched since they were approved. True when one of them
   * turned out to be the approved one, so that deciding again may end otherwise.
   */
  async readTouched(signal: AbortSignal): Promise<boolean> {
    const unread = [...this.#unread];
    this.#unread.clear();
    let isAnySame = false;
    for (const [file, { recorded, place }] of unread) {
      const verdict = await checkIdentity(recorded, place, signal);
      if (!verdict.holds) continue;
      this.#sameContent.add(file);
      isAnySame = true;
    }
    return isAnySame;
  }

  /** Where the grants are kept. */
  get file(): string {
    return this.#store.file;
  }

  /** Keeps what a person answered. */
  async allow(
    { app, identity }: AskedApp,
    { scope, flags }: { readonly scope: AskDecision['scope']; readonly flags: StoredFlags },
  ): Promise<void> {
    await this.#store.add({
      subject: scope === 'always' ? ANY_SUBJECT : this.#session,
      resource: { kind: 'app', app },
      decision: 'allow',
      scope,
      origin: 'person',
      ...(identity === undefined ? {} : { identity }),
      ...(Object.keys(flags).length === 0 ? {} : { flags }),
    });
  }

  /** Every grant of this session, valid for what runs now or not. */
  all(): ReturnType<GrantStore['list']> {
    return this.#store.list({ subject: this.#session });
  }

  #isApprovedFile(recorded: ExecutableIdentity | undefined, app: AppIdentity): boolean {
    if (app.executable === null) return false;
    const place = placeOf(app, app.executable);
    try {
      const current = statIdentity(place);
      const verdict = identityHolds(recorded, current);
      if (verdict.holds) return true;
      if (verdict.code !== 'content_unread') return false;
      const file = JSON.stringify([recorded?.sha256, current]);
      if (this.#sameContent.has(file)) return true;
      this.#unread.set(file, { recorded, place });
      return false;
    } catch {
      return false; // the process ended meanwhile
    }
  }
}

interface Approval {
  readonly recorded: ExecutableIdentity | undefined;
  readonly place: ExecutablePlace;
}

const definedFlags = (flags: StoredFlags): NonNullable<AppGrant['flags']> => ({
  clipboardRead: flags.clipboardRead ?? false,
  clipboardWrite: flags.clipboardWrite ?? false,
  systemKeyCombos: flags.systemKeyCombos ?? false,
});

function appsOf(subject: Subject): readonly AppIdentity[] {
  if (subject.kind === 'unknown') return [];
  return [subject.app, ...(subject.parent === undefined ? [] : appsOf(subject.parent))];
}

/** The running file itself where there is a process, because its path may lead to another one by now. */
export const placeOf = ({ pid, platform }: AppIdentity, executable: string): ExecutablePlace =>
  pid === 0 || platform !== 'linux' ? { executable } : { executable, via: `/proc/${pid}/exe` };
