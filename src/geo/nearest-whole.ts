/**
 * Rounding in loops over cells.
 * @module
 */

/**
 * `Math.round`, save that −0 is 0: the nearest whole number, halves upwards. The built-in one takes a branch that is as
 * likely as not; here it is one that is next to never taken.
 */
export function nearestWhole(value: number): number {
  const whole = Math.floor(value + 0.5);
  // Adding a half may have rounded up itself: just below a half, and where doubles have no halves any more.
  return whole - 0.5 > value ? whole - 1 : whole;
}
