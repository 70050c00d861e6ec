/**
 * Affine transforms between pixel and CRS coordinates.
 * @module
 */

/**
 * Pixel to CRS, the pixel (0, 0) having its upper left corner at column 0, row 0:
 *
 *     x = a·col + b·row + c
 *     y = d·col + e·row + f
 */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** CRS coordinates of a pixel position. */
export function applyAffine(t: Affine, col: number, row: number): [x: number, y: number] {
  return [t[0] * col + t[1] * row + t[2], t[3] * col + t[4] * row + t[5]];
}

/** The inverse transform, CRS to pixel. @throws {RangeError} if the transform is singular */
export function invertAffine(t: Affine): Affine {
  const [a, b, c, d, e, f] = t;
  const det = a * e - b * d;
  if (det === 0 || !Number.isFinite(det)) throw new RangeError(`Transform cannot be inverted: [${t.join(', ')}]`);
  return [e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det];
}

/** The transform of a grid whose origin is moved by whole or part pixels. */
export function translateAffine(t: Affine, col: number, row: number): Affine {
  const [x, y] = applyAffine(t, col, row);
  return [t[0], t[1], x, t[3], t[4], y];
}
