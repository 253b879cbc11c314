export type { AppIdentity, Platform } from './identity.ts';
export type { Subject, UnknownReason } from './subject.ts';
export { TIERS, lowest, reaches, type Tier } from './tier.ts';
export {
  TOOL_NAMES,
  TOOL_NEEDS,
  isToolName,
  type Judged,
  type ToolName,
  type ToolNeed,
} from './tool-needs.ts';
export {
  APP_CLASSES,
  describeClass,
  describeSentinel,
  describeTier,
  isProtectedClass,
  tierOfClass,
  type AppClass,
  type Sentinel,
} from './app-class.ts';
export { CATALOGUE, catalogueOf, type Catalogue, type CatalogueEntry, type NameKind } from './catalogue.ts';
export { appKey, classify, type Classification } from './classify.ts';
export { tierOf } from './tier-of.ts';
export { MODIFIERS, characterOfKey, formatCombo, type KeyCombo, type Modifier } from './key-combo.ts';
export {
  parseCombo,
  parseKeys,
  type ComboProblem,
  type ComboResult,
  type KeysResult,
} from './keys/parse-combo.ts';
export { guardOf, type ComboGuard, type ComboRule } from './keys/guarded-combos.ts';
export {
  DEFAULT_POLICY,
  mergePolicy,
  type PermissionDecision,
  type Policy,
  type PolicyOrigin,
  type PolicyPermission,
  type PolicyTier,
} from './policy.ts';
export type { RuleScope } from './permission-rule.ts';
export { decide } from './decide.ts';
export { mayShow } from './judge.ts';
export {
  REASON_CODES,
  type Action,
  type AppGrant,
  type Blocker,
  type Decision,
  type DecisionRequest,
  type GrantFlags,
  type ReasonCode,
} from './decision.ts';
export { recordDecision, type RecordedDecision, type RecordedRequest } from './recorded-decision.ts';
