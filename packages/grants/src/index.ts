export { ensureStateHome, stateHome, type Surroundings } from './state-home.ts';
export { GrantsError, type GrantsErrorCode } from './grants-error.ts';
export {
  ANY_SUBJECT,
  grantDraftSchema,
  grantFlagsSchema,
  grantSchema,
  resourceSchema,
  tierSchema,
  type Grant,
  type GrantDraft,
  type GrantFlags,
  type Resource,
  type Tier,
} from './grant.ts';
export { openGrantStore, type GrantStore, type GrantStoreOptions } from './grant-store.ts';
export {
  executableIdentitySchema,
  identityHolds,
  type ExecutableIdentity,
  type IdentityVerdict,
} from './executable-identity.ts';
export { checkIdentity, readIdentity, statIdentity, type ExecutablePlace } from './read-identity.ts';
export type { AskAnswer, AskChannel, AskDecision, AskedApp, AskRequest } from './ask/request.ts';
export { askInOrder, type AskOutcome } from './ask/ask-in-order.ts';
export { quotableReason } from './ask/plain-text.ts';
export { declineChannel } from './ask/decline.ts';
export { elicitationChannel, type ElicitReply, type ElicitRequest } from './ask/elicitation.ts';
export { DIALOG_MARK } from './ask/dialog-process.ts';
export { zenityChannel, type ZenityOptions } from './ask/zenity.ts';
