import {
  ANY_SUBJECT,
  Cooldown,
  hostChannel,
  nativeDialogChannel,
  openGrantStore,
  terminalChannel,
  type GrantStore,
  type Rule,
} from '@deskhand/grants';
import { ConfigError, type House } from '@deskhand/server-runtime';
import { join } from 'node:path';
import { joins } from './browser/join.ts';
import type { BrowserChoice } from './browser-options.ts';
import { Egress, InvalidPattern } from './egress/egress.ts';
import type { EgressRefusal } from './egress/origin-rules.ts';
import { OriginAccess } from './origin-access.ts';
import { OriginPolicy } from './policy.ts';

export interface LimitOptions extends Pick<BrowserChoice, 'browserUrl' | 'autoConnect'> {
  readonly approvals: 'ask' | 'decline';
  readonly policy?: string | undefined;
  /** Patterns of origins; see `Egress`. */
  readonly allowOrigin: readonly string[];
  readonly blockOrigin: readonly string[];
  /** Base64 of the SHA-256 of public keys. */
  readonly allowCertificate: readonly string[];
}

/** What the browser may reach, by the words of the person, and how the person is asked for more. */
export interface Limits {
  /** `null` for a browser of the person's own, whose way out is not ours to choose. */
  readonly egress: Egress | null;
  /** Of a browser that we start. */
  readonly browserFlags: readonly string[];
  session(id: string): { readonly access: OriginAccess | null; readonly leave: () => void };
  close(): Promise<void>;
}

/** @throws ConfigError for options that cannot work */
export async function openLimits(
  options: LimitOptions,
  { home, session: named, env }: Pick<House, 'home' | 'session' | 'env'>,
): Promise<Limits> {
  // files may change before there is anything to review
  let egress: Egress | null = null;
  let browserFlags: readonly string[];
  const review = (): void => egress?.review();
  const policy = await OriginPolicy.open({ file: options.policy, home, onChange: review });
  const sessions = new Set<string>();
  const granted = (session: string | null): readonly Rule[] =>
    grantsFor(grants, session === null ? sessions : new Set([session]));
  try {
    egress = egressOf(options, { granted, policy: () => policy.rules() });
    browserFlags = certificateFlags(options, egress);
  } catch (error) {
    policy.close();
    throw error;
  }
  const grants = await openGrantStore({
    ...{ home, onChange: review },
    ...(named !== undefined && { session: named }),
  });
  const cooldown = new Cooldown({ store: grants });
  const host = hostChannel({ path: join(home, 'host.sock') });
  const dialog = nativeDialogChannel({ platform: process.platform, env });
  const { approvals } = options;
  return {
    egress,
    browserFlags,
    session: (id) => {
      sessions.add(id);
      const others = [dialog, terminalChannel({ home, session: id })];
      const asking = { session: id, approvals, host, others, cooldown };
      const mayAlways = (): boolean => !policy.onceOnly;
      return {
        access: egress === null ? null : new OriginAccess({ egress, grants, asking, mayAlways }),
        leave: () => {
          sessions.delete(id);
          review();
        },
      };
    },
    async close() {
      policy.close();
      await egress?.close();
      grants.close();
    },
  };
}

/** A browser is one for all sessions, so that what one of them may reach, pages of the others reach as well. */
const grantsFor = (grants: GrantStore, sessions: ReadonlySet<string>): readonly Rule[] =>
  grants
    .list({ kinds: ['origin'] })
    .filter(({ subject }) => subject === ANY_SUBJECT || sessions.has(subject));

interface EgressSources {
  readonly granted: (session: string | null) => readonly Rule[];
  readonly policy: () => readonly Rule[] | EgressRefusal;
}

function egressOf(
  { allowOrigin: allow, blockOrigin: block, ...choice }: LimitOptions,
  sources: EgressSources,
): Egress | null {
  if (joins(choice)) {
    const said = sources.policy();
    const isLimited = 'why' in said || said.length > 0;
    if (allow.length + block.length === 0 && !isLimited) return null;
    const option = isLimited ? '--policy' : '--allow-origin';
    throw new ConfigError(option, 'what a running browser reaches cannot be limited from here');
  }
  try {
    return new Egress({ allow, block, ...sources });
  } catch (error) {
    if (error instanceof InvalidPattern) throw new ConfigError('--allow-origin', error.message);
    throw error;
  }
}

function certificateFlags({ allowCertificate }: LimitOptions, egress: Egress | null): readonly string[] {
  if (allowCertificate.length === 0) return [];
  if (egress !== null) return [`--ignore-certificate-errors-spki-list=${allowCertificate.join(',')}`];
  throw new ConfigError('--allow-certificate', 'a browser that runs already cannot be told from here');
}
