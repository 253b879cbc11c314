import type { AppIdentity } from './identity.ts';

/** Why nobody could be named as the owner of a window, the focus or a pixel. */
export type UnknownReason =
  | 'no_window'
  | 'no_focus'
  | 'no_owner'
  | 'remote_client'
  | 'executable_unreadable'
  | 'executable_deleted'
  | 'foreign_grab'
  | 'parent_unknown';

/** Who an action touches: a proven application, or the reason why there is none. */
export type Subject =
  | {
      readonly kind: 'app';
      readonly app: AppIdentity;
      /** Lowers the tier to that of the parent: a dialog shown on behalf of another application. */
      readonly parent?: Subject;
      /** Seen at call time: the process tree owns a pseudo-terminal, so keys may reach a shell. */
      readonly hasTerminal?: boolean;
    }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };
