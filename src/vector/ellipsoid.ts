/**
 * Areas on the WGS 84 ellipsoid by way of the authalic (equal-area) latitude.
 *
 * Source: Snyder, Map Projections: A Working Manual (1987), equations 3-11 and 3-12, in the form without the factor
 * (1 − e²), so that a zone of longitudes Δλ between two parallels has the area (b²/2)·Δλ·[q(φ2) − q(φ1)].
 * @module
 */

const A = 6378137;
const E2 = 0.00669437999014;
const E = Math.sqrt(E2);
const B2 = A * A * (1 - E2);

/** Radians per degree. */
export const RADIANS = Math.PI / 180;

/** q(φ) = sinφ/(1 − e²sin²φ) + (1/2e)·ln((1 + e·sinφ)/(1 − e·sinφ)), from −q(90°) to q(90°). @param phi radians */
export function authalicQ(phi: number): number {
  const s = Math.sin(phi);
  return s / (1 - E2 * s * s) + Math.atanh(E * s) / E;
}

const Q_POLE = authalicQ(Math.PI / 2);

/** Half of b², the factor of q·Δλ, in m². */
export const HALF_B2 = B2 / 2;

/** The squared radius of the sphere that has the ellipsoid's area, in m². */
export const AUTHALIC_RADIUS2 = HALF_B2 * Q_POLE;

/** The sine of the authalic latitude: the sphere of {@link AUTHALIC_RADIUS2} then keeps every area. @param phi radians */
export function sinAuthalic(phi: number): number {
  return Math.max(-1, Math.min(1, authalicQ(phi) / Q_POLE));
}

/** Area of a cell between two parallels, in m². @param dLambda width in radians @param phi1 radians @param phi2 radians */
export function cellBetweenParallels(dLambda: number, phi1: number, phi2: number): number {
  return HALF_B2 * Math.abs(dLambda) * Math.abs(authalicQ(phi2) - authalicQ(phi1));
}
