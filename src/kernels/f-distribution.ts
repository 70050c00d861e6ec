/**
 * The upper tail of the F distribution for an even number of explained degrees of freedom: a finite sum.
 * @module
 */

/**
 * ln p of F = ((1 − r)/dfExplained) / (r/dfResidual), where r is the unexplained share of the sum of squares.
 *
 * p is the regularized incomplete beta function I_r(dfResidual/2, dfExplained/2). With b = dfExplained/2 whole it is the sum
 * r^a · Σ_{j<b} Γ(a+j)/(Γ(a)·j!) · (1−r)^j, a = dfResidual/2 (Abramowitz & Stegun 1972, 26.6.4). Its logarithm does not
 * underflow.
 *
 * @param unexplained r, above 0 and at most 1.
 * @param dfExplained Even, at least 2.
 * @param dfResidual At least 1.
 */
export function logUpperF(unexplained: number, dfExplained: number, dfResidual: number): number {
  const a = dfResidual / 2;
  const b = dfExplained / 2;
  const explained = 1 - unexplained;
  let term = 1;
  let sum = 1;
  for (let j = 1; j < b; j++) {
    term *= (explained * (a + j - 1)) / j;
    sum += term;
  }
  return a * Math.log(unexplained) + Math.log(sum);
}
