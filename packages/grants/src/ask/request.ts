import type { ExecutableIdentity } from '../executable-identity.ts';
import type { GrantFlags, Tier } from '../grant.ts';

/** An application that an agent asks for. Everything here comes from the server, nothing from the agent. */
export interface AskedApp {
  /** The application's key, such as `linux:/usr/bin/mousepad`. */
  readonly app: string;
  readonly name: string;
  readonly executable: string;
  readonly tier: Tier;
  /** What the tier lets the agent do, in words for a person. */
  readonly tierMeaning: string;
  readonly warnings: readonly string[];
  /** Goes into the edit that is proposed when nobody can be asked. */
  readonly identity?: ExecutableIdentity | undefined;
}

/** An origin of the web that an agent asks for, in the form that browsers compare: `https://xn--bcher-kva.example:8443`. */
export interface AskedOrigin {
  readonly origin: string;
  readonly warnings: readonly string[];
}

interface AskShape {
  /** The agent's own words: shown as an unchecked quotation. */
  readonly reason: string;
  /** A person may allow for good, not only for this session. */
  readonly mayAlways: boolean;
  readonly timeoutMs: number;
  /** Named in the edit that is proposed when nobody can be asked. */
  readonly grantsFile?: string;
}

export interface AppRequest extends AskShape {
  readonly kind: 'app';
  readonly apps: readonly AskedApp[];
  /** Rights beyond the tier that the agent wants as well. */
  readonly flagsWanted: GrantFlags;
}

export interface OriginRequest extends AskShape {
  readonly kind: 'origin';
  readonly origins: readonly AskedOrigin[];
  readonly flagsWanted?: undefined;
}

export type AskRequest = AppRequest | OriginRequest;

/** `once` holds for this session and is never written; `always` is kept. */
export interface AskDecision {
  /** What was asked for: the key of an application, or an origin. */
  readonly asked: string;
  readonly decision: 'allow' | 'deny';
  readonly scope: 'once' | 'always';
}

export type AskAnswer =
  | { readonly outcome: 'answered'; readonly decisions: readonly AskDecision[]; readonly flags: GrantFlags }
  | { readonly outcome: 'unavailable'; readonly why: string };

/** A way to ask a person that the agent cannot reach. */
export interface AskChannel {
  readonly name: string;
  /** What `ask` throws ends the asking and is thrown on, instead of the next channel being tried. */
  readonly throwsOn?: boolean;
  /** Settles soon after `signal` aborts, with nothing left on the screen. */
  ask(request: AskRequest, signal: AbortSignal): Promise<AskAnswer>;
  /** Called when nobody answered: leaves the question for later, and gives what the agent is told to say. */
  leave?(request: AskRequest): string;
}

/** What each flag lets the agent do, as it follows "let it". */
export const FLAG_MEANINGS = {
  clipboardRead: 'read what you copied (the clipboard)',
  clipboardWrite: 'replace what you copied (the clipboard)',
  systemKeyCombos: 'press system shortcuts that switch or close windows',
} as const satisfies Record<keyof GrantFlags, string>;

const FLAG_NAMES = ['clipboardRead', 'clipboardWrite', 'systemKeyCombos'] as const;

export const wantedFlags = ({
  flagsWanted = {},
}: {
  readonly kind?: string;
  readonly flagsWanted?: GrantFlags | undefined;
}): readonly (keyof GrantFlags)[] => FLAG_NAMES.filter((flag) => flagsWanted[flag] === true);

export const DENIED = { decision: 'deny', scope: 'once' } as const;
