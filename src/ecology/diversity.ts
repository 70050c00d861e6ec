/**
 * Diversity of a community and likeness of two.
 *
 * An amount is a count of individuals or a cover; species with the amount 0 are not there. Feng et al. 2025 print
 * 1 − ΣPᵢ² as Shannon's index: it is Simpson's. Their formula of Pielou's index has lost its sign.
 * @module
 */

/** Amounts by species, none negative. */
export type Community = ReadonlyMap<string, number>;

export interface Diversity {
  /** S, species with an amount. */
  readonly richness: number;
  /** N, the sum of the amounts. */
  readonly total: number;
  /** D = 1 − ΣPᵢ² (Simpson 1949, as the chance that two are of different species). NaN without species. */
  readonly simpson: number;
  /** H' = −ΣPᵢ·ln Pᵢ (Shannon 1948), in nats. NaN without species. */
  readonly shannon: number;
  /** J = H'/ln S (Pielou 1966). NaN with fewer than 2 species. */
  readonly pielou: number;
  /** Ma = (S − 1)/ln N (Margalef 1958). Only counts give a meaningful one; NaN unless N > 1. */
  readonly margalef: number;
}

/** The indices of one community. */
export function diversity(community: Community): Diversity {
  const amounts = [...community.values()].filter((amount) => amount > 0).sort((a, b) => a - b);
  const richness = amounts.length;
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  let squares = 0;
  let shannon = 0;
  for (const amount of amounts) {
    const share = amount / total;
    squares += share * share;
    shannon -= share * Math.log(share);
  }
  const none = richness === 0;
  return {
    richness,
    total,
    simpson: none ? NaN : Math.max(0, 1 - squares),
    shannon: none ? NaN : shannon + 0,
    pielou: richness > 1 ? shannon / Math.log(richness) : NaN,
    margalef: total > 1 ? (richness - 1) / Math.log(total) : NaN,
  };
}

/** Number of species that two communities share. */
export function sharedSpecies(a: Community, b: Community): number {
  let shared = 0;
  for (const [species, amount] of a) if (amount > 0 && (b.get(species) ?? 0) > 0) shared++;
  return shared;
}

/** Likeness 2C/(S₁ + S₂) by species alone (Sørensen 1948): 1 the same species, 0 none in common. NaN if both are empty. */
export function sorensen(a: Community, b: Community): number {
  return (2 * sharedSpecies(a, b)) / (diversity(a).richness + diversity(b).richness);
}

/** Unlikeness Σ|aᵢ − bᵢ| / Σ(aᵢ + bᵢ) by amounts (Bray & Curtis 1957): 0 the same, 1 nothing in common. NaN if both are empty. */
export function brayCurtis(a: Community, b: Community): number {
  let apart = 0;
  let sum = 0;
  for (const species of new Set([...a.keys(), ...b.keys()])) {
    const [x, y] = [a.get(species) ?? 0, b.get(species) ?? 0];
    apart += Math.abs(x - y);
    sum += x + y;
  }
  return apart / sum;
}

/** The mean amounts of several communities, so that groups of different numbers of plots can be compared. */
export function meanCommunity(communities: readonly Community[]): Map<string, number> {
  const mean = new Map<string, number>();
  for (const community of communities) {
    for (const [species, amount] of community) {
      mean.set(species, (mean.get(species) ?? 0) + amount / communities.length);
    }
  }
  return mean;
}
