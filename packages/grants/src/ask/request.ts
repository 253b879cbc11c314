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

/** A command of a shell that an agent wants to run. */
export interface AskedCommand {
  /** The whole script, shown with every character; see `isShowable`. */
  readonly command: string;
  /** The folder it runs in. */
  readonly cwd: string;
  /** Why a person is asked. */
  readonly reasons: readonly string[];
  /** What trying it out without effect found, such as what would be deleted: label and text. */
  readonly findings?: readonly (readonly [label: string, text: string])[];
  /** What is allowed unless it is for this one time: a rule such as `npm run *`; else only this very script. */
  readonly rule?: string | undefined;
  /** It can be allowed for this one time only. */
  readonly isOnce?: true;
  /** Paths on the computer of what it deletes and no checkpoint holds: then it is that which is allowed for longer. */
  readonly deletes?: readonly string[] | undefined;
}

/** A folder of the person's that an agent wants to use. */
export interface AskedFolder {
  /** Absolute, with its links resolved. */
  readonly path: string;
  readonly access: 'ro' | 'rw';
  /** How the agent will see it, such as `/sessions/x/mnt/notes`. */
  readonly name: string;
  readonly warnings: readonly string[];
}

/** A port of the loopback that an agent wants opened between its sandbox and this computer. */
export interface AskedPort {
  readonly port: number;
  /** `reach`: what is inside uses what listens on this computer. `share`: the other way round. */
  readonly direction: 'reach' | 'share';
}

const MOST_CHARACTERS = 2_000;
const MOST_LINES = 25;

/** Whether a command is short enough for a person to be shown all of it, so that they can be asked about it. */
export const isShowable = (command: string): boolean =>
  command.trim() !== '' && command.length <= MOST_CHARACTERS && command.split('\n').length <= MOST_LINES;

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

export interface CommandRequest extends AskShape {
  readonly kind: 'command';
  readonly command: AskedCommand;
  readonly flagsWanted?: undefined;
}

export interface FolderRequest extends AskShape {
  readonly kind: 'folder';
  readonly folder: AskedFolder;
  readonly flagsWanted?: undefined;
}

export interface PortRequest extends AskShape {
  readonly kind: 'port';
  readonly port: AskedPort;
  readonly flagsWanted?: undefined;
}

export type AskRequest = AppRequest | OriginRequest | CommandRequest | FolderRequest | PortRequest;

/** How long an answer holds. */
export type AskScope = 'once' | 'session' | 'always';

/**
 * `always` is kept and the others never written. A command is allowed `once` for this one time or for the `session`;
 * for everything else `once` holds for the session.
 */
export interface AskDecision {
  /** What was asked for: the key of an application, an origin, the text of a command, the path of a folder, or `reach 5432`. */
  readonly asked: string;
  readonly decision: 'allow' | 'deny';
  readonly scope: AskScope;
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

/** How long a person may allow what is asked for. */
export const scopesOf = (request: AskRequest): readonly AskScope[] => [
  'once',
  ...(request.kind === 'command' && request.command.isOnce !== true ? (['session'] as const) : []),
  ...(request.mayAlways ? (['always'] as const) : []),
];

export const DENIED = { decision: 'deny', scope: 'once' } as const;
