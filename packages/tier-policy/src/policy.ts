import type { Tier } from './tier.ts';

/** An administrator's rules over the defaults. Only this may lift a tier. */
export interface Policy {
  /** Applications (by executable path, bundle id, flatpak or snap id) that are never granted. */
  readonly denyApps: readonly string[];
  /** Tier forced or lifted for a named application. */
  readonly tiers: readonly { readonly app: string; readonly tier: Tier }[];
  /** Combos that are never sent, canonical text such as `ctrl+alt+Delete`. */
  readonly forbidCombos: readonly string[];
  /** Persons may allow for one session only, never for always. */
  readonly onceOnly: boolean;
}

export const DEFAULT_POLICY: Policy = { denyApps: [], tiers: [], forbidCombos: [], onceOnly: false };
