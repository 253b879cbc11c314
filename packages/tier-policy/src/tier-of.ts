import { isProtectedClass, isShellClass, tierOfClass } from './app-class.ts';
import { classify, type Classification } from './classify.ts';
import type { AppIdentity } from './identity.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';
import { isNamedBy } from './selector.ts';
import { lowest, type Tier } from './tier.ts';

export interface PolicyVerdict {
  readonly tier: Tier;
  /** The policy never grants this application. */
  readonly isDenied: boolean;
  /** The policy gives a tier to this application by name, and means its shell as well. */
  readonly liftsShell: boolean;
}

/** What class and policy together allow, before anybody's grant. */
export const policyVerdict = (app: AppIdentity, kind: Classification, policy: Policy): PolicyVerdict => {
  if (isProtectedClass(kind.class) || kind.class === 'unknown') {
    return { tier: 'none', isDenied: false, liftsShell: false };
  }
  if (policy.denyApps.some((selector) => isNamedBy(app, selector, kind))) {
    return { tier: 'none', isDenied: true, liftsShell: false };
  }
  const rules = policy.tiers.filter((rule) => isNamedBy(app, rule.app, kind));
  const forced = rules.filter((rule) => rule.cap !== true).map((rule) => rule.tier);
  const caps = rules.filter((rule) => rule.cap === true).map((rule) => rule.tier);
  const base = forced.length > 0 ? lowest(...forced) : tierOfClass(kind.class);
  return {
    tier: lowest(base, ...caps),
    isDenied: false,
    liftsShell: forced.length > 0 && isShellClass(kind.class),
  };
};

/** The tier that an application has when a person grants it: its class's, unless the policy says otherwise. */
export const tierOf = (app: AppIdentity, policy: Policy = DEFAULT_POLICY): Tier =>
  policyVerdict(app, classify(app), policy).tier;
