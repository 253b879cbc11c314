export { lockFile } from './file-lock.ts';
export { alsoStoppedBy, inTime } from './in-time.ts';
export { mayLive, ownLife } from '@deskhand/run-ledger/process-life';
export { ensureStateHome, ownHomedir, stateHome, type Surroundings } from './state-home.ts';
export { GrantsError, type GrantsErrorCode } from './grants-error.ts';
export {
  ANY_SUBJECT,
  grantDraftSchema,
  grantFlagsSchema,
  grantSchema,
  tierSchema,
  type Grant,
  type GrantDraft,
  type GrantFlags,
  type GrantOf,
  type Tier,
} from './grant.ts';
export {
  RESOURCE_KINDS,
  commandRuleSchema,
  formatResource,
  resourceSchema,
  type Resource,
  type ResourceKind,
  type ResourceOf,
} from './resource.ts';
export { parseOriginPattern } from './origin-pattern.ts';
export { decide, type Rule, type RuleVerdict, type Wanted } from './decide.ts';
export { openGrantStore, type GrantStore, type GrantStoreOptions } from './grant-store.ts';
export {
  executableIdentitySchema,
  identityHolds,
  type ExecutableIdentity,
  type IdentityVerdict,
} from './executable-identity.ts';
export { checkIdentity, readIdentity, statIdentity, type ExecutablePlace } from './read-identity.ts';
export { isShowable } from './ask/request.ts';
export type {
  AppRequest,
  AskAnswer,
  AskChannel,
  AskDecision,
  AskedApp,
  AskedCommand,
  AskedFolder,
  AskedOrigin,
  AskedPort,
  AskRequest,
  AskScope,
  CommandRequest,
  FolderRequest,
  OriginRequest,
  PortRequest,
} from './ask/request.ts';
export { askInOrder, type AskOutcome } from './ask/ask-in-order.ts';
export { quotableReason } from './ask/plain-text.ts';
export { declineChannel } from './ask/decline.ts';
export { elicitationChannel, type ElicitReply, type ElicitRequest } from './ask/elicitation.ts';
export { pickFolder, type FolderPickerOptions } from './ask/folder-picker.ts';
export { DIALOG_MARK } from './ask/dialog-process.ts';
export { zenityChannel, type ZenityOptions } from './ask/zenity.ts';
export { nativeDialogChannel, type NativeDialogOptions } from './ask/native-dialog.ts';
export { hostAnswerSchema, hostChannel, type HostChannelOptions } from './ask/host.ts';
export { requestDigest, requestFormSchema, type RequestForm } from './ask/request-form.ts';
export { terminalChannel, type TerminalChannelOptions } from './ask/terminal.ts';
export { Cooldown, type CooldownOptions } from './ask/cooldown.ts';
export { listPending, type PendingRequest } from './pending.ts';
