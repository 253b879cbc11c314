import {
  ANY_SUBJECT,
  identityHolds,
  statIdentity,
  type AskedApp,
  type ExecutablePlace,
  type GrantFlags as StoredFlags,
  type GrantStore,
} from '@deskhand/grants';
import { appKey, type AppGrant, type AppIdentity, type Subject } from '@deskhand/tier-policy';

/** What persons allowed, as it holds for the programs that run right now. */
export class Access {
  readonly #store: GrantStore;
  readonly #session: string;

  constructor(store: GrantStore, session: string) {
    this.#store = store;
    this.#session = session;
  }

  /**
   * The grants for the applications of `subjects`. An approval whose executable is not the approved file any
   * more is left out. Reads memory and file attributes only, so it may run while the desktop is held.
   */
  for(subjects: readonly Subject[]): readonly AppGrant[] {
    const apps = new Map(subjects.flatMap(appsOf).flatMap((app) => pairOf(app)));
    return this.#store.list({ subject: this.#session }).flatMap((grant) => {
      const app = apps.get(grant.resource.app);
      if (app === undefined) return [];
      if (grant.decision === 'allow' && !isApprovedFile(grant.identity, app)) return [];
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

  /** Where the grants are kept. */
  get file(): string {
    return this.#store.file;
  }

  /** Keeps what a person answered. */
  async allow(
    { app, identity }: AskedApp,
    { scope, flags }: { readonly scope: 'once' | 'always'; readonly flags: StoredFlags },
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

function pairOf(app: AppIdentity): readonly (readonly [string, AppIdentity])[] {
  const key = appKey(app);
  return key === null ? [] : [[key, app]];
}

/** The running file itself where there is a process, because its path may lead to another one by now. */
export const placeOf = ({ pid }: AppIdentity, executable: string): ExecutablePlace =>
  pid === 0 ? { executable } : { executable, via: `/proc/${pid}/exe` };

function isApprovedFile(recorded: Parameters<typeof identityHolds>[0], app: AppIdentity): boolean {
  if (app.executable === null) return false;
  try {
    return identityHolds(recorded, statIdentity(placeOf(app, app.executable))).holds;
  } catch {
    return false; // the process ended meanwhile
  }
}
