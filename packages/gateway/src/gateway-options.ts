import type { GrantStore } from '@deskhand/grants';
import type { Ledger } from '@deskhand/run-ledger';
import type { Ask, Mode, Sampler } from './gateway.ts';
import type { Hooks } from './policy/hooks.ts';
import type { RateOptions } from './policy/rate.ts';
import type { Environment } from './servers/expand.ts';
import type { GatewayServer } from './servers/server-config.ts';
import type { SessionFolders } from './servers/session-roots.ts';

export interface GatewayOptions {
  readonly servers: readonly GatewayServer[];
  readonly ask: Ask;
  readonly mode: Mode;
  readonly ledger: Ledger;
  readonly grants: GrantStore;
  /** The state folder, absolute. */
  readonly home: string;
  /** The session that calls belong to. */
  readonly session: string;
  /** Where servers get the few variables from that all of them see. */
  readonly env: Environment;
  /** What servers are told that may see it. */
  readonly folders?: SessionFolders;
  /** For servers that may ask the model. */
  readonly sampler?: Sampler;
  readonly hooks?: Hooks;
  readonly rate?: RateOptions;
  /** Gives up the start, and ends what was started. */
  readonly signal?: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}
