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
  const counts: PCounts = new Map();
  const seen = new Uint8Array(zones.length === 0 ? 0 : trendClass.length);
  const bits = new Uint32Array(p.buffer, p.byteOffset, p.length);
  const significant = Uint8Array.from({ length: 256 }, (_, code) => +isSignificant(code, legend));
  let n = 0;
  const parts = zones.map(({ zone, index, weight }) => {
    const sums = new Map<number, number>();
    for (let from = 0; from < index.length; from += BLOCK) {
      const cells = index.subarray(from, from + BLOCK);
      if (zone < domainZones) n += countP(p, unseen.subarray(0, takeUnseen(cells, trendClass, seen)), rate, counts);
      addSignificant(cells, weight.subarray(from, from + BLOCK), trendClass, bits, significant, sums);
    }
    return { zone, keys: Float64Array.from(sums.keys()), weights: Float64Array.from(sums.values()) };
  });
  return { n, bits: Uint32Array.from(counts.keys()), counts: Float64Array.from(counts.values()), zones: parts };
}

/** Cells of a zone that are taken at a time: each block is a call, so that the loops are compiled once. */
const BLOCK = 1024;

/** The testable cells of a block that no zone before had. */
const unseen = new Uint32Array(BLOCK);

/** Takes the testable cells that were not seen yet. @returns How many there are. */
function takeUnseen(cells: Uint32Array, trendClass: Uint8Array, seen: Uint8Array): number {
  let n = 0;
  for (let k = 0; k < cells.length; k++) {
    const cell = cells[k]!;
    const code = trendClass[cell]!;
    // Written over by the next one if it is not taken.
    unseen[n] = cell;
    n += +(seen[cell] === 0) & +(code !== NOT_TESTABLE_CLASS) & +(code !== NO_DATA_CLASS);
    seen[cell] = 1;
  }
  return n;
}

/** Adds some cells' land of significant classes by class and p. */
function addSignificant(
  cells: Uint32Array,
  weight: Float64Array,
  trendClass: Uint8Array,
  bits: Uint32Array,
  significant: Uint8Array,
  sums: Map<number, number>,
): void {
  for (let k = 0; k < cells.length; k++) {
    const cell = cells[k]!;
    const code = trendClass[cell]!;
    if (significant[code] === 0) continue;
    const key = code * BITS + bits[cell]!;
    sums.set(key, (sums.get(key) ?? 0) + weight[k]!);
  }
}
