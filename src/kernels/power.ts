/**
 * How many years it takes to see a trend.
 * @module
 */
import { EXACT_LIMIT, exactP, varianceS, zScore } from './mann-kendall.ts';
import { normalP } from './normal.ts';
import { normalRandom, uniformRandom } from './random.ts';

export interface PowerOptions {
  /** Change per year, in the unit of the noise. */
  readonly slope: number;
  /** Standard deviation of the yearly values about the trend. */
  readonly noise: number;
  /** Lag-1 autocorrelation of the noise, in (−1, 1); default 0. */
  readonly lag1?: number;
  /** Significance level of the two-sided test; default 0.05. */
  readonly alpha?: number;
  /** Wanted probability of seeing the trend; default 0.8. */
  readonly power?: number;
  /** Simulated series for each number of years; default 2000. */
  readonly runs?: number;
  readonly seed?: number;
  /** Longest record that is tried; default 100. */
  readonly mostYears?: number;
}

export interface PowerPoint {
  readonly years: number;
  /** Share of simulated series in which the trend was seen, with the right sign. */
  readonly power: number;
}

export interface PowerResult {
  /** Fewest years with the wanted power; null where the longest record does not have it. */
  readonly years: number | null;
  /** The numbers of years that were tried, ascending. */
  readonly tried: readonly PowerPoint[];
  /** Share of series without a trend that the test calls significant at that many years: alpha, unless lag 1 inflates it. */
  readonly falseAlarms: number | null;
}

const LEAST_YEARS = 4;

/**
 * Years until the Mann–Kendall test sees a linear trend of `slope` in normal AR(1) noise, by simulation: exact p to 30
 * years, normal beyond, as a run does it. The same series are used for all lengths (common random numbers), so power rises
 * nearly steadily and a search by halving finds the place.
 *
 * With positive lag 1 the test is too willing: `falseAlarms` says how much, and a correction (`trendTest`) costs more years.
 *
 * @throws {RangeError} on a value out of range.
 */
export function yearsToDetect(options: PowerOptions): PowerResult {
  const { slope, noise, lag1 = 0, alpha = 0.05, power = 0.8, runs = 2000, seed = 1, mostYears = 100 } = options;
  check('slope', slope, Number.isFinite(slope) && slope !== 0, 'a number other than 0');
  check('noise', noise, noise >= 0 && noise < Infinity, 'a number from 0 on');
  check('lag 1', lag1, lag1 > -1 && lag1 < 1, 'a number in (−1, 1)');
  check('alpha', alpha, alpha > 0 && alpha < 1, 'a number in (0, 1)');
  check('power', power, power > 0 && power < 1, 'a number in (0, 1)');
  check('runs', runs, Number.isInteger(runs) && runs >= 100 && runs <= 1e6, 'a whole number from 100 to 1,000,000');
  check(
    'longest record',
    mostYears,
    Number.isInteger(mostYears) && mostYears >= LEAST_YEARS && mostYears <= 500,
    '4–500',
  );
  const tried = new Map<number, number>();
  const powerAt = (years: number): number => {
    const known = tried.get(years);
    if (known !== undefined) return known;
    const share = rejected(years, slope, noise, lag1, alpha, runs, seed);
    tried.set(years, share);
    return share;
  };
  let enough = LEAST_YEARS;
  while (powerAt(enough) < power && enough < mostYears) enough = Math.min(mostYears, Math.ceil(enough * 1.5));
  let years: number | null = null;
  if (powerAt(enough) >= power) {
    let low = Math.max(LEAST_YEARS - 1, ...[...tried.keys()].filter((n) => tried.get(n)! < power));
    let high = enough;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (powerAt(middle) >= power) high = middle;
      else low = middle;
    }
    years = high;
  }
  return {
    years,
    tried: [...tried].map(([n, share]) => ({ years: n, power: share })).sort((a, b) => a.years - b.years),
    falseAlarms: years === null || noise === 0 ? null : rejected(years, 0, noise, lag1, alpha, runs, seed),
  };
}

function check(name: string, value: number, good: boolean, wanted: string): void {
  if (!good) throw new RangeError(`Expected ${wanted} for ${name}, got ${value}`);
}

/** Share of runs with p < alpha; with a slope, only those of its sign. */
function rejected(
  n: number,
  slope: number,
  noise: number,
  lag1: number,
  alpha: number,
  runs: number,
  seed: number,
): number {
  const least = leastS(n, alpha);
  const x = new Float64Array(n);
  let count = 0;
  for (let run = 0; run < runs; run++) {
    // A generator for each run: longer series begin as the shorter ones do.
    const normal = normalRandom(uniformRandom(Math.imul(seed, 0x9e3779b1) + run));
    let value = normal();
    const step = Math.sqrt(1 - lag1 * lag1);
    for (let i = 0; i < n; i++) {
      x[i] = slope * i + noise * value;
      value = lag1 * value + step * normal();
    }
    const s = kendall(x, n);
    if (slope === 0 ? Math.abs(s) >= least : s * Math.sign(slope) >= least) count++;
  }
  return count / runs;
}

function kendall(x: Float64Array, n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++) {
    const xi = x[i]!;
    for (let j = i + 1; j < n; j++) s += +(x[j]! > xi) - +(x[j]! < xi);
  }
  return s;
}

/** The smallest |S| of n values without ties whose p is below alpha; Infinity where none is. */
function leastS(n: number, alpha: number): number {
  const variance = varianceS(n, []);
  let least = Infinity;
  for (let s = (n * (n - 1)) / 2; s > 0; s -= 2) {
    const p = n <= EXACT_LIMIT ? exactP(s, [], n) : normalP(zScore(s, variance));
    if (!(p < alpha)) break;
    least = s;
  }
  return least;
}
