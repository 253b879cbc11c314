import type { AppIdentity } from './identity.ts';
import type { KeyCombo } from './key-combo.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';
import type { Tier } from './tier.ts';
import type { ToolName } from './tool-needs.ts';

/** Rights that a grant may carry besides the application's tier. */
export interface GrantFlags {
  readonly clipboardRead?: boolean;
  readonly clipboardWrite?: boolean;
  readonly systemKeyCombos?: boolean;
}

/** What a person or a policy said about one application; see `appKey`. */
export interface AppGrant {
  readonly app: string;
  readonly decision: 'allow' | 'deny';
  /** Caps the application's tier, and never lifts it. */
  readonly tier?: Tier;
  readonly flags?: GrantFlags;
}

/** What the agent is about to do. */
export interface Action {
  readonly tool: ToolName;
  /**
   * For key tools: every combo about to be sent, with the modifiers that are still held from earlier calls.
   * `key` and `hold_key` are refused without any.
   */
  readonly combos?: readonly KeyCombo[];
  /** For pointer tools: modifiers are held, which makes a click a key action. */
  readonly withModifiers?: boolean;
}

export interface DecisionRequest {
  readonly action: Action;
  readonly frontmost: Subject;
  /** Who else receives the action: the app under the pointer (both ends of a drag), or the focus owner. */
  readonly recipient?: Subject | readonly Subject[];
  readonly grants: readonly AppGrant[];
  readonly policy: Policy;
}

export const REASON_CODES = [
  'not_granted',
  'denied_by_person',
  'denied_by_policy',
  'tier_too_low',
  'protected_app',
  'unknown_app',
  'foreign_grab',
  'combo_forbidden',
  'combo_needs_flag',
  'clipboard_needs_flag',
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];

/** Whose tier decided. */
export type Blocker = 'frontmost' | 'recipient';

export type Decision =
  | {
      readonly allowed: true;
      readonly code: 'allowed';
      readonly tier: Tier;
      readonly needed: Tier;
      readonly warnings: readonly string[];
    }
  | {
      readonly allowed: false;
      readonly code: ReasonCode;
      /** Tier of the app that blocks. */
      readonly tier: Tier;
      readonly needed: Tier;
      readonly blocker: Blocker;
      readonly app: AppIdentity | null;
      /** What happened, one sentence. */
      readonly message: string;
      /** What would work instead, one sentence. */
      readonly hint: string;
    };
