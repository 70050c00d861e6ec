/**
 * The part of jstat that is used; the package has no types of its own.
 * @module
 */
declare module 'jstat' {
  const jStat: {
    /** Regularized incomplete beta function I_x(a, b). */
    ibeta(x: number, a: number, b: number): number;
    studentt: { inv(p: number, df: number): number };
    /** The studentized range. */
    tukey: {
      cdf(q: number, groups: number, df: number): number;
      inv(p: number, groups: number, df: number): number;
    };
  };
  export default jStat;
}
