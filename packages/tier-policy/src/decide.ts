import type { Action, Blocker, Decision, DecisionRequest, ReasonCode } from './decision.ts';
import { denialHint, denialMessage, type DenialFacts } from './denial.ts';
import type { Platform } from './identity.ts';
import { judge, lowestOf, tierOfVerdict, type Verdict } from './judge.ts';
import { formatCombo } from './key-combo.ts';
import { canonicalCombo, guardOf, isForbiddenBy } from './keys/guarded-combos.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';
import { reaches, type Tier } from './tier.ts';
import { TOOL_NEEDS, type Judged, type ToolNeed } from './tool-needs.ts';

interface Judgement {
  readonly blocker: Blocker;
  readonly verdict: Verdict;
}

interface Case {
  readonly request: DecisionRequest;
  readonly need: ToolNeed;
  readonly needed: Tier;
  readonly judgements: readonly Judgement[];
  /** The lowest tier of all who are judged. */
  readonly tier: Tier;
}

type Refusal = Extract<Decision, { allowed: false }>;

const isList = (recipient: Subject | readonly Subject[]): recipient is readonly Subject[] =>
  Array.isArray(recipient);

const recipientsOf = ({ recipient }: DecisionRequest): readonly Subject[] => {
  if (recipient === undefined) return [];
  return isList(recipient) ? recipient : [recipient];
};

/** Nobody is judged for a picture or a tool without effect; a named target is the recipient alone. */
const judgedBlockers = (judged: Judged): readonly Blocker[] => {
  if (judged === 'nobody' || judged === 'screen') return [];
  return judged === 'target' ? ['recipient'] : ['frontmost', 'recipient'];
};

const judgementsOf = (request: DecisionRequest, judged: Judged): readonly Judgement[] => {
  const { frontmost, grants, policy } = request;
  const blockers = judgedBlockers(judged);
  const recipients = recipientsOf(request);
  const nobody: Subject = { kind: 'unknown', reason: 'no_window' };
  const targets = judged === 'target' && recipients.length === 0 ? [nobody] : recipients;
  const subjects: readonly { readonly blocker: Blocker; readonly subject: Subject }[] = [
    { blocker: 'frontmost', subject: frontmost },
    ...targets.map((subject) => ({ blocker: 'recipient', subject }) as const),
  ];
  return subjects
    .filter(({ blocker }) => blockers.includes(blocker))
    .map(({ blocker, subject }) => ({ blocker, verdict: judge(subject, { grants, policy }) }));
};

const refusal = (
  { request, need, needed }: Case,
  { blocker, verdict }: Judgement,
  code: ReasonCode,
  more: { readonly tier?: Tier; readonly combo?: DenialFacts['combo'] } = {},
): Refusal => {
  const tier = more.tier ?? tierOfVerdict(verdict);
  const facts: DenialFacts = {
    code,
    tool: request.action.tool,
    judged: need.judged,
    blocker,
    needed,
    tier,
    kind: verdict.kind,
    reason: verdict.ok ? null : verdict.reason,
    limit: verdict.ok ? verdict.limit : null,
    withModifiers: request.action.withModifiers === true && need.judged === 'pointer',
    ...(more.combo === undefined ? {} : { combo: more.combo }),
  };
  return {
    allowed: false,
    code,
    tier,
    needed,
    blocker,
    app: verdict.app,
    message: denialMessage(facts),
    hint: denialHint(facts),
  };
};

const refuseSubjects = (matter: Case): Refusal | null => {
  for (const judgement of matter.judgements) {
    const { verdict } = judgement;
    if (!verdict.ok) return refusal(matter, judgement, verdict.code);
  }
  const low = matter.judgements.find(({ verdict }) => !reaches(tierOfVerdict(verdict), matter.needed));
  return low === undefined ? null : refusal(matter, low, 'tier_too_low');
};

type HeldCombo = NonNullable<DenialFacts['combo']> & { readonly code: ReasonCode };

const heldCombo = (
  action: Action,
  policy: Policy,
  platform: Platform,
  hasFlag: boolean,
): HeldCombo | null => {
  for (const combo of action.combos ?? []) {
    const text = formatCombo(combo);
    const forbidden = policy.forbidCombos.find((rule) => isForbiddenBy(combo, rule));
    if (forbidden !== undefined) {
      return {
        code: 'combo_forbidden',
        text,
        effect: `is forbidden by the policy (${canonicalCombo(forbidden)})`,
      };
    }
    const guard = guardOf(combo, platform);
    if (guard?.rule === 'never') return { code: 'combo_forbidden', text, effect: guard.effect };
    if (guard?.rule === 'flag' && !hasFlag) return { code: 'combo_needs_flag', text, effect: guard.effect };
  }
  return null;
};

const refuseCombos = (matter: Case): Refusal | null => {
  const { action, policy } = matter.request;
  const needsKeys = action.tool === 'key' || action.tool === 'hold_key';
  for (const judgement of matter.judgements) {
    const { verdict } = judgement;
    if (!verdict.ok) continue;
    if (needsKeys && (action.combos ?? []).length === 0) {
      return refusal(matter, judgement, 'combo_forbidden', { tier: matter.tier });
    }
    const held = heldCombo(action, policy, verdict.app.platform, verdict.flags.systemKeyCombos === true);
    if (held !== null) return refusal(matter, judgement, held.code, { tier: matter.tier, combo: held });
  }
  return null;
};

const refuseFlags = (matter: Case): Refusal | null => {
  const { flag } = matter.need;
  if (flag === undefined) return null;
  const lacking = matter.judgements.find(({ verdict }) => verdict.ok && verdict.flags[flag] !== true);
  return lacking === undefined
    ? null
    : refusal(matter, lacking, 'clipboard_needs_flag', { tier: matter.tier });
};

const warningsOf = (judgements: readonly Judgement[]): readonly string[] => [
  ...new Set(judgements.flatMap(({ verdict }) => (verdict.ok ? verdict.warnings : []))),
];

/**
 * May this happen now? Everybody whom the tool judges must be granted and reach the tier that it needs: for
 * pointer and key tools the application in front and whoever else receives the action, for target tools the
 * recipient alone, which must be given. Tools that judge nobody, and pictures, are allowed: what a picture
 * shows is decided window by window with `mayShow`. A further subject only ever lowers the tier. `key` and
 * `hold_key` without combos are refused, because nothing could be checked.
 */
export const decide = (request: DecisionRequest): Decision => {
  const need: ToolNeed = TOOL_NEEDS[request.action.tool];
  const isModified = request.action.withModifiers === true && need.judged === 'pointer';
  const needed = isModified ? 'full' : need.tier;
  const judgements = judgementsOf(request, need.judged);
  const tier =
    judgements.length > 0
      ? lowestOf(judgements.map(({ verdict }) => verdict))
      : tierOfVerdict(judge(request.frontmost, request));
  const matter: Case = { request, need, needed, judgements, tier };
  return (
    refuseSubjects(matter) ??
    refuseCombos(matter) ??
    refuseFlags(matter) ?? { allowed: true, code: 'allowed', tier, needed, warnings: warningsOf(judgements) }
  );
};
