/**
 * Serial correlation of one series with gaps.
 *
 * A series here is an array of equal steps in time with NaN at the gaps: the lag between two values is their distance in
 * the array, so a missing year is never closed up.
 * @module
 */

/** Steps that are this much of a step away from a whole number still count as whole: decimal years of leap years. */
const STEP_TOLERANCE = 0.02;
/** A series that would need more steps than this is not laid out. */
const MOST_STEPS = 1 << 20;

/**
 * The step of each value, from 0: its time in units of the shortest gap. Where times are not whole multiples of it, as
 * with irregular dates, the steps are the places in the series.
 */
export function stepsOf(times: ArrayLike<number>): Int32Array {
  const n = times.length;
  const steps = Int32Array.from({ length: n }, (_, i) => i);
  let shortest = Infinity;
  for (let i = 1; i < n; i++) shortest = Math.min(shortest, times[i]! - times[i - 1]!);
  if (!(shortest > 0 && shortest < Infinity)) return steps;
  const whole = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const step = (times[i]! - times[0]!) / shortest;
    if (step > MOST_STEPS || Math.abs(step - Math.round(step)) > STEP_TOLERANCE) return steps;
    whole[i] = Math.round(step);
  }
  return whole;
}

/** The values at their steps, NaN between. @param steps Ascending, from {@link stepsOf}. */
export function layOut(values: ArrayLike<number>, steps: Int32Array): Float64Array {
  const series = new Float64Array((steps.at(-1) ?? -1) + 1).fill(NaN);
  for (let i = 0; i < values.length; i++) series[steps[i]!] = values[i]!;
  return series;
}

function meanOf(series: ArrayLike<number>): { n: number; mean: number } {
  let n = 0;
  let sum = 0;
  for (let i = 0; i < series.length; i++) {
    const value = series[i]!;
    if (value !== value) continue;
    n++;
    sum += value;
  }
  return { n, mean: sum / n };
}

/**
 * Autocorrelation at a lag: c_k/c_0 with c_k the sum of (x_i − m)(x_(i+k) − m) over the pairs there are, divided by their
 * number plus k. That is the usual estimator with divisor n (Box & Jenkins 1970) where nothing is missing, and
 * R's `acf(na.action = na.pass)` where something is. NaN where no pair or no spread is left.
 */
export function autocorrelation(series: ArrayLike<number>, lag: number): number {
  const { n, mean } = meanOf(series);
  let spread = 0;
  let product = 0;
  let pairs = 0;
  for (let i = 0; i < series.length; i++) {
    const value = series[i]! - mean;
    if (value !== value) continue;
    spread += value * value;
    const later = i + lag < series.length ? series[i + lag]! - mean : NaN;
    if (later !== later) continue;
    product += value * later;
    pairs++;
  }
  return pairs > 0 && spread > 0 ? product / (pairs + lag) / (spread / n) : NaN;
}

/**
 * Correlation (Pearson) of the series with itself `lag` steps on, over the pairs there are, each side with a mean of its
 * own. What the mannkendall packages of Collaud Coen et al. 2020 use. NaN with fewer than 2 pairs or no spread.
 */
export function laggedCorrelation(series: ArrayLike<number>, lag: number): number {
  let pairs = 0;
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i + lag < series.length; i++) {
    const a = series[i]!;
    const b = series[i + lag]!;
    if (a !== a || b !== b) continue;
    pairs++;
    sumA += a;
    sumB += b;
  }
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i + lag < series.length; i++) {
    const a = series[i]! - sumA / pairs;
    const b = series[i + lag]! - sumB / pairs;
    if (a !== a || b !== b) continue;
    aa += a * a;
    bb += b * b;
    ab += a * b;
  }
  return pairs > 1 && aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : NaN;
}

/** Ranks from 1, equal values sharing their mean rank; NaN stays NaN. */
export function ranks(series: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: series.length }, (_, i) => i).filter((i) => !Number.isNaN(series[i]!));
  order.sort((a, b) => series[a]! - series[b]!);
  const out = new Float64Array(series.length).fill(NaN);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && series[order[to]!] === series[order[from]!]) to++;
    for (let i = from; i < to; i++) out[order[i]!] = (from + 1 + to) / 2;
    from = to;
  }
  return out;
}
