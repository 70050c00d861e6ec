/**
 * Whether mines are seen much less often than the land around them: masks take bright bare ground for cloud.
 * @module
 */
import { exactValue } from '../kernels/exact-sum.ts';
import { CLEAR_SPLIT, yearSlot } from '../tasks/zone-sums.ts';
import type { Preparation } from './prepare.ts';

/** Clear observations of a mine per those of the land around, below which it is worth a word. */
const SELDOM = 0.7;

/** Mines that are warned of one by one. */
const SHOWN = 5;

/** One warning a mine that is seen seldom; none without reference or impact zones. @param sums By zone number. */
export function maskWarnings({ zones, years }: Preparation, sums: readonly Float64Array[]): string[] {
  const role = ['reference', 'impact'].find((name) => zones.zones.some(({ zone }) => zone.role === name));
  if (role === undefined) return [];
  const all = [...zones.zones, ...zones.unions];
  /** Clear observations of a pixel in a year, over all years. */
  const meanOf = (numbers: readonly number[]): number => {
    let [clear, units] = [0, 0];
    for (const number of numbers) {
      const own = sums[number]!;
      for (let t = 0; t < years.length; t++) {
        clear += exactValue(own, yearSlot(t, 'clearHigh')) * CLEAR_SPLIT + exactValue(own, yearSlot(t, 'clearLow'));
      }
      units += Number(all.find((zone) => zone.number === number)!.weights.totalUnits);
    }
    return clear / (units * years.length);
  };
  const around = meanOf(zones.withoutOverlap(role));
  const seldom = zones.zones.flatMap(({ number, zone }) => {
    const own = zone.role === 'mine' ? meanOf([number]) : NaN;
    if (!(own < SELDOM * around)) return [];
    const figures = `${own.toFixed(2)} clear observations a year, the ${role} land ${around.toFixed(2)}`;
    return [`Zone ${zone.id} has ${figures}: its bare ground may be taken for cloud; --audit looks closer`];
  });
  const more = seldom.length - SHOWN;
  return more <= 0 ? seldom : [...seldom.slice(0, SHOWN), `… and ${more} more mines are seen as seldom`];
}
