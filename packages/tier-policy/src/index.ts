export type { AppIdentity, Platform } from './identity.ts';
export type { Subject, UnknownReason } from './subject.ts';
export { TIERS, lowest, reaches, type Tier } from './tier.ts';
export { TOOL_NEEDS, type Judged, type ToolName, type ToolNeed } from './tool-needs.ts';
export { MODIFIERS, type KeyCombo, type Modifier } from './key-combo.ts';
export { DEFAULT_POLICY, type Policy } from './policy.ts';
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
