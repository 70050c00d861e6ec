/**
 * The standard normal distribution: two-sided p of a Z, and its quantiles.
 * @module
 */

// W. J. Cody 1969, Rational Chebyshev approximations for the error function, Math. Comp. 23: three ranges.
const ERF_P = [3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315];
const ERF_Q = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const MID_P = [
  0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
  2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
];
const MID_Q = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
  3439.3676741437216, 1230.3393548037495,
];
const FAR_P = [
  0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
  0.016315387137302097,
];
const FAR_Q = [2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918];

/** p(y)/q(y) in Cody's arrangement: the last coefficient of p leads, q is monic. */
function rational(p: readonly number[], q: readonly number[], y: number): number {
  const degree = q.length;
  let numerator = p[degree]! * y;
  let denominator = y;
  for (let i = 0; i < degree - 1; i++) {
    numerator = (numerator + p[i]!) * y;
    denominator = (denominator + q[i]!) * y;
  }
  return (numerator + p[degree - 1]!) / (denominator + q[degree - 1]!);
}

/** erfc of x ≥ 0. */
function erfc(x: number): number {
  if (x <= 0.46875) return 1 - x * rational(ERF_P, ERF_Q, x * x);
  let factor: number;
  if (x <= 4) {
    factor = rational(MID_P, MID_Q, x);
  } else {
    const inverse = 1 / (x * x);
    factor = (1 / Math.sqrt(Math.PI) - inverse * rational(FAR_P, FAR_Q, inverse)) / x;
  }
  // exp(−x²) in two parts, so that the rounding of x² is not magnified.
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head)) * factor;
}

/** Two-sided p of a standard normal Z: erfc(|z|/√2). */
export function normalP(z: number): number {
  return erfc(Math.abs(z) * Math.SQRT1_2);
}

/**
 * The z with Φ(z) = probability, for probabilities from 0.5 up: Newton steps on the two-sided p.
 * @throws {RangeError} unless the probability is in [0.5, 1).
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0.5 && probability < 1)) throw new RangeError(`Expected 0.5 ≤ p < 1, got ${probability}`);
  const tail = 2 * (1 - probability);
  let z = 0;
  // erfc is convex for z > 0, so Newton from 0 climbs to the root without overshooting.
  for (let step = 0; step < 200; step++) {
    const slope = Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2);
    const next = z + (normalP(z) - tail) / slope;
    if (!(next > z)) break;
    z = next;
  }
  return z;
}
