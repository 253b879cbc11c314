import type { RuleScope } from './permission-rule.ts';
import { lowest, type Tier } from './tier.ts';

/** A tier that an administrator gives one application. */
export interface PolicyTier {
  /** Named as in `Policy.denyApps`. */
  readonly app: string;
  readonly tier: Tier;
  /** Lowers only; `mergePolicy` sets it where just one of two policies speaks of the application. */
  readonly cap?: boolean;
}

/** What is decided about a pattern of web origins: `https://example.com`, `https://*.example.com`, `http://localhost:*`. */
export interface PolicyOrigin {
  readonly pattern: string;
  /** `ask`: a person has to allow it, whatever else allows it. */
  readonly decision: 'allow' | 'ask' | 'deny';
}

export const PERMISSION_DECISIONS = ['allow', 'ask', 'deny'] as const;

export type PermissionDecision = (typeof PERMISSION_DECISIONS)[number];

/** A rule about what tools for files and commands may do, as it stands in the file; line and column count from 1. */
export interface PolicyPermission {
  readonly decision: PermissionDecision;
  readonly text: string;
  readonly scope: RuleScope;
  /** What it has to match, and what it may not: paths, or commands. Who applies the rule tries them first. */
  readonly match: readonly string[];
  readonly notMatch: readonly string[];
  readonly line: number;
  readonly column: number;
}

/** An administrator's rules over the defaults. Only this may lift a tier. */
export interface Policy {
  /**
   * Applications that are never granted: by executable path, bundle, flatpak or snap id, by the name in the
   * catalogue or of the program file; `*` stands for any text.
   */
  readonly denyApps: readonly string[];
  /**
   * Tier forced or lifted for a named application; the lowest of several counts. Password managers, prompts, lock
   * screens, agent hosts and this project's own windows stay untouchable whatever stands here.
   */
  readonly tiers: readonly PolicyTier[];
  /** Combos that are never sent, with or without further modifiers, such as `ctrl+alt+Delete`. */
  readonly forbidCombos: readonly string[];
  /** What browsers of agents may reach; deny beats ask beats allow, and no person allows what is denied. */
  readonly origins: readonly PolicyOrigin[];
  /** What the tools for files and commands may do; deny beats ask beats allow. */
  readonly permissions: readonly PolicyPermission[];
  /** Persons may allow for one session only, never for always. */
  readonly onceOnly: boolean;
}

export const DEFAULT_POLICY: Policy = {
  denyApps: [],
  tiers: [],
  forbidCombos: [],
  origins: [],
  permissions: [],
  onceOnly: false,
};

const distinct = (items: readonly string[]): string[] => [...new Set(items)];

const ruleFor = (policy: Policy, app: string): PolicyTier | null => {
  const rules = policy.tiers.filter((rule) => rule.app.toLowerCase() === app);
  if (rules.length === 0) return null;
  const tier = lowest(...rules.map((rule) => rule.tier));
  return { app, tier, cap: rules.every((rule) => rule.cap === true) };
};

const mergeTier = (app: string, a: Policy, b: Policy): PolicyTier => {
  const [one, other] = [ruleFor(a, app), ruleFor(b, app)];
  const tier = lowest(one?.tier ?? 'full', other?.tier ?? 'full');
  const isCap = one === null || other === null || one.cap === true || other.cap === true;
  return isCap ? { app, tier, cap: true } : { app, tier };
};

/** What one of them allows is no more than what nothing is said about, for the other did not say it. */
const mergeOrigins = (a: Policy['origins'], b: Policy['origins']): readonly PolicyOrigin[] =>
  [...a, ...b].filter(
    ({ pattern, decision }) =>
      decision !== 'allow' ||
      [a, b].every((rules) => rules.some((rule) => rule.decision === 'allow' && rule.pattern === pattern)),
  );

const mergePermissions = (a: Policy['permissions'], b: Policy['permissions']): readonly PolicyPermission[] =>
  [...a, ...b].filter(
    ({ text, decision }) =>
      decision !== 'allow' ||
      [a, b].every((rules) => rules.some((rule) => rule.decision === 'allow' && rule.text === text)),
  );

/**
 * Both policies at once: what either refuses is refused. A lift holds only when both name the application in the
 * same words, so merging with `DEFAULT_POLICY`, which lifts nothing, drops every lift.
 */
export const mergePolicy = (a: Policy, b: Policy): Policy => {
  const apps = distinct([...a.tiers, ...b.tiers].map((rule) => rule.app.toLowerCase()));
  return {
    denyApps: distinct([...a.denyApps, ...b.denyApps]),
    tiers: apps.map((app) => mergeTier(app, a, b)),
    forbidCombos: distinct([...a.forbidCombos, ...b.forbidCombos]),
    origins: mergeOrigins(a.origins, b.origins),
    permissions: mergePermissions(a.permissions, b.permissions),
    onceOnly: a.onceOnly || b.onceOnly,
  };
};
