import { isProtectedClass } from './app-class.ts';
import { appKey, classify, type Classification } from './classify.ts';
import type { AppGrant, GrantFlags, ReasonCode } from './decision.ts';
import type { AppIdentity } from './identity.ts';
import type { Policy } from './policy.ts';
import type { Subject, UnknownReason } from './subject.ts';
import { TIERS, lowest, reaches, type Tier } from './tier.ts';
import { policyVerdict } from './tier-of.ts';

/** What holds a tier down. */
export type Limit = 'class' | 'policy' | 'grant' | 'terminal' | 'parent';

/** What may be done to one subject, whatever the tool. */
export type Verdict =
  | {
      readonly ok: true;
      readonly tier: Tier;
      readonly limit: Limit;
      readonly app: AppIdentity;
      readonly kind: Classification;
      /** Rights that every application involved was granted. */
      readonly flags: GrantFlags;
      readonly warnings: readonly string[];
    }
  | {
      readonly ok: false;
      readonly code: ReasonCode;
      readonly app: AppIdentity | null;
      readonly kind: Classification | null;
      readonly reason: UnknownReason | null;
    };

export interface Rules {
  readonly grants: readonly AppGrant[];
  readonly policy: Policy;
}

type AppSubject = Extract<Subject, { kind: 'app' }>;

type Allowed = Extract<Verdict, { ok: true }>;

const refuse = (code: ReasonCode, app: AppIdentity, kind: Classification): Verdict => ({
  ok: false,
  code,
  app,
  kind,
  reason: null,
});

const unknown = (reason: UnknownReason, app: AppIdentity | null, kind: Classification | null): Verdict => ({
  ok: false,
  code: reason === 'foreign_grab' ? 'foreign_grab' : 'unknown_app',
  app,
  kind,
  reason,
});

const highest = (tiers: readonly Tier[]): Tier =>
  tiers.reduce((high, tier) => TIERS[Math.max(TIERS.indexOf(high), TIERS.indexOf(tier))] ?? high, 'none');

/** Several allowances for one application add up. */
const joinGrants = (grants: readonly AppGrant[]): { readonly tier: Tier; readonly flags: GrantFlags } => ({
  tier: highest(grants.map((grant) => grant.tier ?? 'full')),
  flags: {
    clipboardRead: grants.some((grant) => grant.flags?.clipboardRead === true),
    clipboardWrite: grants.some((grant) => grant.flags?.clipboardWrite === true),
    systemKeyCombos: grants.some((grant) => grant.flags?.systemKeyCombos === true),
  },
});

const bothFlags = (a: GrantFlags, b: GrantFlags): GrantFlags => ({
  clipboardRead: a.clipboardRead === true && b.clipboardRead === true,
  clipboardWrite: a.clipboardWrite === true && b.clipboardWrite === true,
  systemKeyCombos: a.systemKeyCombos === true && b.systemKeyCombos === true,
});

/** A step that may lower a tier, and remembers which one did. */
const lower = (verdict: Allowed, tier: Tier, limit: Limit): Allowed =>
  reaches(tier, verdict.tier) ? verdict : { ...verdict, tier, limit };

const withParent = (verdict: Allowed, parent: Subject | undefined, rules: Rules): Verdict => {
  if (parent === undefined) return verdict;
  const above = judge(parent, rules);
  if (!above.ok) return above;
  const joined = {
    ...verdict,
    flags: bothFlags(verdict.flags, above.flags),
    warnings: [...new Set([...verdict.warnings, ...above.warnings])],
  };
  return lower(joined, above.tier, 'parent');
};

const ALL_FLAGS: GrantFlags = { clipboardRead: true, clipboardWrite: true, systemKeyCombos: true };

/** A dialog that the desktop shows for another application has that one's grant, and none of its own. */
const judgeDialog = (subject: AppSubject, kind: Classification, rules: Rules): Verdict => {
  if (subject.parent === undefined) return unknown('parent_unknown', subject.app, kind);
  const { tier, isDenied } = policyVerdict(subject.app, kind, rules.policy);
  if (isDenied) return refuse('denied_by_policy', subject.app, kind);
  const own: Allowed = {
    ok: true,
    tier,
    limit: 'policy',
    app: subject.app,
    kind,
    flags: ALL_FLAGS,
    warnings: kind.warnings,
  };
  return withParent(own, subject.parent, rules);
};

const judgeApp = (subject: AppSubject, rules: Rules): Verdict => {
  const { app } = subject;
  const kind = classify(app);
  if (isProtectedClass(kind.class)) return refuse('protected_app', app, kind);
  const key = appKey(app);
  if (kind.class === 'unknown' || key === null) {
    return unknown(
      app.executableDeleted === true ? 'executable_deleted' : 'executable_unreadable',
      app,
      kind,
    );
  }
  const grants = rules.grants.filter((grant) => grant.app === key);
  const ruled = policyVerdict(app, kind, rules.policy);
  if (ruled.isDenied) return refuse('denied_by_policy', app, kind);
  if (grants.some((grant) => grant.decision === 'deny')) return refuse('denied_by_person', app, kind);
  if (kind.class === 'dialogHost') return judgeDialog(subject, kind, rules);
  if (grants.length === 0) return refuse('not_granted', app, kind);

  const granted = joinGrants(grants);
  const isLifted = policyVerdict(app, kind, { ...rules.policy, tiers: [] }).tier !== ruled.tier;
  const start: Allowed = {
    ok: true,
    tier: ruled.tier,
    limit: isLifted ? 'policy' : 'class',
    app,
    kind,
    flags: granted.flags,
    warnings: kind.warnings,
  };
  const capped = lower(start, granted.tier, 'grant');
  const probed =
    subject.hasTerminal === true && !ruled.liftsShell ? lower(capped, 'click', 'terminal') : capped;
  return withParent(probed, subject.parent, rules);
};

/** What class, policy and grants say of one subject, its parents and its live terminal included. */
export const judge = (subject: Subject, rules: Rules): Verdict =>
  subject.kind === 'unknown' ? unknown(subject.reason, null, null) : judgeApp(subject, rules);

/** Tier that a verdict leaves. */
export const tierOfVerdict = (verdict: Verdict): Tier => (verdict.ok ? verdict.tier : 'none');

/** The lowest tier that a list of verdicts leaves. */
export const lowestOf = (verdicts: readonly Verdict[]): Tier => lowest(...verdicts.map(tierOfVerdict));

/**
 * True when the subject's window may be seen in a picture: granted with tier `read` or above, and neither
 * protected nor unknown.
 */
export const mayShow = (subject: Subject, grants: readonly AppGrant[], policy: Policy): boolean =>
  reaches(tierOfVerdict(judge(subject, { grants, policy })), 'read');
