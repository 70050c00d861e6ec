/**
 * Areas of classes in the zones of one window, for all years, and of the changes between them.
 * @module
 */
import type { Window } from '../geo/window.ts';
import { codeNumbers } from '../kernels/class-codes.ts';
import type { ZoneSlice } from '../vector/weights.ts';
import { readClasses, type ClassBand } from './class-pixels.ts';

export interface LandcoverTask {
  /** In pixels of the rasters' common grid. */
  window: Window;
  /** By time. */
  bands: ClassBand[];
  zones: ZoneSlice[];
  /** Pairs of times. */
  pairs: (readonly [from: number, to: number])[];
}

/** Units of area by classes; 0 is no data, other numbers stand for codes[number − 1], or for themselves where it is null. */
export interface LandcoverResult {
  codes: number[] | null;
  zones: {
    zone: number;
    /** By time. */
    years: { classes: Uint8Array; units: Float64Array }[];
    /** By pair. */
    changes: { from: Uint8Array; to: Uint8Array; units: Float64Array }[];
  }[];
}

const SLOTS = 256;

/** Sums of one window: whole numbers, exact as long as a window has at most 2^21 cells. */
export async function landcoverTask({ window, bands, zones, pairs }: LandcoverTask): Promise<LandcoverResult> {
  const rule = bands[0]!.rule;
  const numbers = codeNumbers(rule.kind === 'codes' ? rule.noData : []);
  const classes: Uint8Array[] = [];
  for (const band of bands) classes.push(await readClasses(band, window, numbers));
  const sums = new Float64Array(SLOTS * SLOTS);
  const found = zones.map(({ zone, index, weight }) => ({
    zone,
    years: classes.map((values) => {
      for (let k = 0; k < index.length; k++) sums[values[index[k]!]!]! += weight[k]!;
      const { places, units } = taken(sums, SLOTS);
      return { classes: Uint8Array.from(places), units };
    }),
    changes: pairs.map(([from, to]) => {
      const [before, after] = [classes[from]!, classes[to]!];
      for (let k = 0; k < index.length; k++) {
        const at = index[k]!;
        sums[before[at]! * SLOTS + after[at]!]! += weight[k]!;
      }
      const { places, units } = taken(sums, SLOTS * SLOTS);
      return {
        from: Uint8Array.from(places, (place) => Math.floor(place / SLOTS)),
        to: Uint8Array.from(places, (place) => place % SLOTS),
        units,
      };
    }),
  }));
  return { codes: rule.kind === 'codes' ? numbers.codes : null, zones: found };
}

/** The sums that are not 0, which are cleared. */
function taken(sums: Float64Array, size: number): { places: number[]; units: Float64Array } {
  const places: number[] = [];
  for (let place = 0; place < size; place++) if (sums[place] !== 0) places.push(place);
  const units = Float64Array.from(places, (place) => sums[place]!);
  for (const place of places) sums[place] = 0;
  return { places, units };
}
