/**
 * Field significance of a whole run: the tiles' counts added up, p*, and the hectares that stand.
 * @module
 */
import { fieldSignificance, leastShare, pOfBits, type PCounts } from '../kernels/field-significance.ts';
import { EXACT_LIMIT } from '../kernels/mann-kendall.ts';
import { smallestP } from '../kernels/trend-test.ts';
import type { Legend } from '../kernels/trend.ts';
import type { FieldFigures } from '../report/model.ts';
import { fallsTo, splitKey, type FieldSums } from '../tasks/field-sums.ts';

/** {@link FieldSums} of all tiles. Weights are added as whole numbers of any size, so that their order does not matter. */
export interface FieldTotals {
  n: number;
  counts: PCounts;
  /** By zone number, then by key. */
  zones: Map<number, Map<number, bigint>>;
}

/** The totals of a finished pass, and what follows from them. */
export interface Field {
  totals: FieldTotals;
  figures: FieldFigures;
}

/** Nothing yet. */
export function emptyField(): FieldTotals {
  return { n: 0, counts: new Map(), zones: new Map() };
}

/** Adds one tile. */
export function addField(total: FieldTotals, tile: FieldSums): void {
  total.n += tile.n;
  for (let k = 0; k < tile.bits.length; k++) {
    const bits = tile.bits[k]!;
    total.counts.set(bits, (total.counts.get(bits) ?? 0) + tile.counts[k]!);
  }
  for (const { zone, keys, weights } of tile.zones) {
    const sums = total.zones.get(zone) ?? new Map<number, bigint>();
    total.zones.set(zone, sums);
    for (let k = 0; k < keys.length; k++) sums.set(keys[k]!, (sums.get(keys[k]!) ?? 0n) + BigInt(weights[k]!));
  }
}

/** Works out p*. @param nYears Years with scenes. */
export function closeField(totals: FieldTotals, rate: number, nYears: number, pMethod: 'exact' | 'normal'): Field {
  const least = smallestFieldP(nYears, pMethod);
  const figures = {
    rate,
    domain: 'testable cells that a zone covers, even in part',
    cells: totals.n,
    ...fieldSignificance(totals.counts, totals.n, rate),
    smallestP: least,
    leastShare: leastShare(least, rate),
  };
  return { totals, figures };
}

/** The smallest p that so many years can reach; 0 where it is as small as one likes. */
export function smallestFieldP(nYears: number, pMethod: 'exact' | 'normal'): number {
  return nYears > EXACT_LIMIT ? 0 : smallestP(nYears, [], pMethod);
}

/**
 * By class, the units of area that it loses (negative) or gains when the land whose p does not stand falls to "no
 * significant increase" or "decrease".
 *
 * @param members Zone numbers that make up the area.
 */
export function fieldShifts(
  { totals, figures: { threshold } }: Field,
  members: readonly number[],
  legend: Legend,
): Map<number, number> {
  const shifts = new Map<number, bigint>();
  const shift = (code: number, units: bigint) => shifts.set(code, (shifts.get(code) ?? 0n) + units);
  for (const member of members) {
    for (const [key, units] of totals.zones.get(member) ?? []) {
      const { code, bits } = splitKey(key);
      if (threshold !== null && pOfBits(bits) <= threshold) continue;
      shift(code, -units);
      shift(fallsTo(code, legend), units);
    }
  }
  return new Map([...shifts].map(([code, units]) => [code, Number(units)]));
}
