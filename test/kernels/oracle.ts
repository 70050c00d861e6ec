import { readFileSync } from 'node:fs';

/** Numbers of scipy and numpy; the recipe is test/oracle/kernels.py. `null` stands for NaN. */
export interface Oracle {
  series: {
    times: number[];
    values: number[];
    s: number;
    slope: number;
    intercept: number;
    tau: number;
    p: number | null;
  }[];
  stack: {
    years: number[];
    values: (number | null)[];
    pixels: { n: number; slope: number | null; p: number | null; z: number | null; cls: number }[];
  };
  percentiles: { values: (number | null)[]; expected: { p: number; value: number }[] };
  normal: { z: number[]; p: number[]; probability: number[]; quantile: number[] };
  indices: {
    scale: number;
    offset: number;
    dn: Record<string, number[]>;
    expected: Record<string, (number | null)[]>;
  };
}

export const oracle = JSON.parse(readFileSync(new URL('../oracle/kernels.json', import.meta.url), 'utf8')) as Oracle;

export const float32 = (values: readonly (number | null)[]): Float32Array =>
  Float32Array.from(values, (value) => value ?? NaN);

/** |a − b| relative to the larger; 0 where both are NaN. */
export function relativeError(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}

/** float64 arithmetic in another order. */
export const FLOAT64 = 1e-12;
/** Rounding to float32: half a unit in the last place. */
export const FLOAT32 = 6e-8;
