/**
 * Quantiles of weighted values.
 * @module
 */

/**
 * The smallest value at which the weights of all values up to it reach `goal`: the inverse of the weighted distribution
 * function. Reorders both arrays. Expected time is linear.
 *
 * @param values At least one, none of them NaN.
 * @param weights Positive, one a value.
 * @param goal Above 0 for a meaningful answer; beyond the total it gives the largest value.
 */
export function weightedSelect(values: Float64Array, weights: Float64Array, goal: number): number {
  let from = 0;
  let to = values.length - 1;
  let left = goal;
  for (;;) {
    if (from >= to) return values[from]!;
    const pivot = middleOf(values[from]!, values[(from + to) >>> 1]!, values[to]!);
    // Three parts: below (from … low − 1), equal (low … k − 1), above (high + 1 … to).
    let low = from;
    let high = to;
    let below = 0;
    let equal = 0;
    for (let k = from; k <= high;) {
      const value = values[k]!;
      if (value < pivot) {
        below += weights[k]!;
        swap(values, weights, low++, k++);
      } else if (value > pivot) {
        swap(values, weights, k, high--);
      } else {
        equal += weights[k++]!;
      }
    }
    if (left <= below && low > from) to = low - 1;
    else if (left <= below + equal || high === to) return pivot;
    else {
      left -= below + equal;
      from = high + 1;
    }
  }
}

function middleOf(a: number, b: number, c: number): number {
  return a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
}

function swap(values: Float64Array, weights: Float64Array, i: number, k: number): void {
  const value = values[i]!;
  values[i] = values[k]!;
  values[k] = value;
  const weight = weights[i]!;
  weights[i] = weights[k]!;
  weights[k] = weight;
}
