/**
 * The median slope of one lane from all its pairs: for the few series whose slopes crowd so that no window around their
 * middle can be used, such as those that stay at 0 for half of their years.
 * @module
 */
import { gaps, lines, near, nPairs, pairs, pairSlope } from './pairs';

/** Up to so many slopes are sorted as they are. */
const SORTED: usize = 16 * 8;

/**
 * Reorders the float64 from `from` to `last` so that the one of a rank is at its place `at`, none before it is larger and
 * none after it smaller (Hoare's quickselect, then insertion sort of what is left).
 */
function selectRank(from: usize, last: usize, at: usize): void {
  let left = from;
  let right = last;
  while (right - left > SORTED) {
    const a = load<f64>(left);
    const b = load<f64>(left + (((right - left) >> 4) << 3));
    const c = load<f64>(right);
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = left;
    let j = right;
    while (i <= j) {
      while (load<f64>(i) < pivot) i += 8;
      while (load<f64>(j) > pivot) j -= 8;
      if (i > j) break;
      const value = load<f64>(i);
      store<f64>(i, load<f64>(j));
      store<f64>(j, value);
      i += 8;
      j -= 8;
    }
    if (at <= j) right = j;
    else if (at >= i) left = i;
    else return;
  }
  for (let i = left + 8; i <= right; i += 8) {
    const value = load<f64>(i);
    let place = i;
    for (; place > left && load<f64>(place - 8) > value; place -= 8) store<f64>(place, load<f64>(place - 8));
    store<f64>(place, value);
  }
}

/** The median of the `total` slopes of a lane's valid values, all of them finite. */
export function medianOfAll(lane: i32, total: i32): f64 {
  const values = lines + ((<usize>lane) << 2);
  let end = near;
  for (let k: usize = 0; k < <usize>nPairs; k++) {
    const slope = pairSlope(values, pairs, gaps, k);
    store<f64>(end, slope);
    end += usize(slope == slope) << 3;
  }
  const first = near + ((<usize>((total - 1) >> 1)) << 3);
  const second = near + ((<usize>(total >> 1)) << 3);
  selectRank(near, end - 8, second);
  const upper = load<f64>(second);
  if (first == second) return upper;
  let lower = load<f64>(near);
  for (let at = near + 8; at < second; at += 8) lower = max(lower, load<f64>(at));
  return (lower + upper) / 2;
}
