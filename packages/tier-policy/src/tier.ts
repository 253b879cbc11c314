/** What may be done to an application, from nothing to everything. */
export const TIERS = ['none', 'read', 'click', 'full'] as const;

export type Tier = (typeof TIERS)[number];

const rank = (tier: Tier): number => TIERS.indexOf(tier);

/** True when `tier` permits what `needed` asks for. */
export const reaches = (tier: Tier, needed: Tier): boolean => rank(tier) >= rank(needed);

/** The lowest of the given tiers; `full` when there are none. */
export const lowest = (...tiers: readonly Tier[]): Tier =>
  tiers.reduce((low, tier) => (rank(tier) < rank(low) ? tier : low), 'full');
