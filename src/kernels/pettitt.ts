/**
 * Pettitt's test for one change of level.
 * @module
 */

export interface PettittTest {
  /** Values that are not NaN. */
  readonly n: number;
  /** The largest |U_t|. */
  readonly k: number;
  /** Time of the last value before the change; the earliest of equal ones, NaN where there is none. */
  readonly after: number;
  /** Two-sided, approximate: min(1, 2·exp(−6K²/(n³ + n²))). Good for p ≤ 0.5. NaN for fewer than 2 values. */
  readonly p: number;
}

/**
 * Pettitt 1979: U_t = Σ_{i≤t} Σ_{j>t} sgn(x_i − x_j), K = max |U_t|. It asks for one step, and also answers to a slow
 * trend: a change point is where a step fits best, not proof of one.
 *
 * @param values Any length; NaN = missing.
 * @param times Same length, ascending; 0, 1, 2 … where absent.
 * @throws {RangeError} if lengths differ.
 */
export function pettitt(values: ArrayLike<number>, times?: ArrayLike<number>): PettittTest {
  if (times !== undefined && times.length !== values.length) {
    throw new RangeError(`Expected ${values.length} times, got ${times.length}`);
  }
  const kept = Array.from({ length: values.length }, (_, i) => i).filter((i) => !Number.isNaN(values[i]!));
  const n = kept.length;
  let u = 0;
  let k = 0;
  let after = NaN;
  for (let t = 0; t < n - 1; t++) {
    // Moving value t to the early side adds its sign against every other value.
    const x = values[kept[t]!]!;
    for (const j of kept) u += +(x > values[j]!) - +(x < values[j]!);
    if (Math.abs(u) <= k) continue;
    k = Math.abs(u);
    after = times?.[kept[t]!] ?? kept[t]!;
  }
  return { n, k, after, p: n < 2 ? NaN : Math.min(1, 2 * Math.exp((-6 * k * k) / (n ** 3 + n ** 2))) };
}
