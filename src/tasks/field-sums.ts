/**
 * What field significance needs of one tile: how often each p occurs in the domain, and how much land of each
 * significant class has it, by zone. Few p-values are distinct, so both are short.
 * @module
 */
import { countP, type PCounts } from '../kernels/field-significance.ts';
import { legendAlphas, NO_DATA_CLASS, NOT_TESTABLE_CLASS, type Legend } from '../kernels/trend-classes.ts';
import type { ZoneSlice } from '../vector/weights.ts';

/** Counts and weights of one tile, or of several tiles added up. */
export interface FieldSums {
  /** Testable cells that any zone covers, even in part. */
  n: number;
  /** p by its float32 bits, and how many cells of the domain have it. Only p up to the false discovery rate. */
  bits: Uint32Array;
  counts: Float64Array;
  /** By zone: land of a significant class with a p. A key is class · 2^32 + bits of p; weights are whole units. */
  zones: { zone: number; keys: Float64Array; weights: Float64Array }[];
}

const BITS = 2 ** 32;

/** The class and the bits of a key of {@link FieldSums.zones}. */
export function splitKey(key: number): { code: number; bits: number } {
  return { code: Math.floor(key / BITS), bits: key % BITS };
}

/** Whether a code is one of a significant increase or decrease. */
export function isSignificant(code: number, legend: Legend): boolean {
  const steps = legendAlphas(legend).length;
  return (code >= 1 && code <= steps) || (code > steps + 3 && code <= 2 * steps + 3);
}

/** The class that a significant one falls back to: no significant decrease or increase. */
export function fallsTo(code: number, legend: Legend): number {
  const steps = legendAlphas(legend).length;
  return code <= steps ? steps + 1 : steps + 3;
}

/**
 * Counts one tile.
 *
 * @param zones The zones' weights in the tile.
 * @param rate False discovery rate.
 * @param domainZones Zones with a lower number than this make up the domain.
 */
export function fieldSums(
  zones: readonly ZoneSlice[],
  trendClass: Uint8Array,
  p: Float32Array,
  legend: Legend,
  rate: number,
  domainZones = Infinity,
): FieldSums {
  const domain = new Uint8Array(trendClass.length);
  for (const { zone, index } of zones) if (zone < domainZones) markDomain(index, trendClass, domain);
  const counts: PCounts = new Map();
  const n = countP(p, domain, rate, counts);
  const bits = new Uint32Array(p.buffer, p.byteOffset, p.length);
  const significant = Uint8Array.from({ length: 256 }, (_, code) => +isSignificant(code, legend));
  const parts = zones.map((slice) => sumSignificant(slice, trendClass, bits, significant));
  return { n, bits: Uint32Array.from(counts.keys()), counts: Float64Array.from(counts.values()), zones: parts };
}

function markDomain(index: Uint32Array, trendClass: Uint8Array, domain: Uint8Array): void {
  for (let k = 0; k < index.length; k++) {
    const code = trendClass[index[k]!]!;
    domain[index[k]!] = +(code !== NOT_TESTABLE_CLASS && code !== NO_DATA_CLASS);
  }
}

/** A zone's land of significant classes by class and p. */
function sumSignificant(
  { zone, index, weight }: ZoneSlice,
  trendClass: Uint8Array,
  bits: Uint32Array,
  significant: Uint8Array,
): FieldSums['zones'][number] {
  const sums = new Map<number, number>();
  for (let k = 0; k < index.length; k++) {
    const i = index[k]!;
    const code = trendClass[i]!;
    if (significant[code] === 0) continue;
    const key = code * BITS + bits[i]!;
    sums.set(key, (sums.get(key) ?? 0) + weight[k]!);
  }
  return { zone, keys: Float64Array.from(sums.keys()), weights: Float64Array.from(sums.values()) };
}
