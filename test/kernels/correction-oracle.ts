import { readFileSync } from 'node:fs';

/** z and two-sided normal p. */
type ZP = [number, number] | null;

/** Numbers of numpy and scipy; the recipe is test/oracle/trend-corrections.py. `null` stands for NaN or for none. */
export interface CorrectionOracle {
  series: {
    values: number[];
    lags: number;
    lag1: number;
    'hamed-rao': { factor: number; zp: ZP };
    'yue-wang': { factor: number; zp: ZP };
    tfpw: { s: number; var: number; zp: ZP; slope: number };
    zhang: { s: number; var: number; zp: ZP; slope: number; n: number };
  }[];
  seasonal: {
    values: (number | null)[][];
    s: number;
    varS: number;
    zp: ZP;
    independent: number;
    zpIndependent: ZP;
    slope: number;
  }[];
  pettitt: { values: number[]; k: number; after: number; p: number }[];
  fdr: { p: number[]; alpha: number; threshold: number | null }[];
}

export const corrections = JSON.parse(
  readFileSync(new URL('../oracle/trend-corrections.json', import.meta.url), 'utf8'),
) as CorrectionOracle;

/** Sums in another order, and scipy's own error in the normal distribution. */
export const TOLERANCE = 1e-9;
