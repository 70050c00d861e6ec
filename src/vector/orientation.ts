/**
 * On which side of a line a point lies, exactly.
 * @module
 */

/** Relative rounding error of the determinant in floating point (Shewchuk 1997, ccwerrboundA). */
const ERROR_BOUND = 3.3306690738754716e-16;

const bits = new DataView(new ArrayBuffer(8));

/**
 * The sign of twice the area of the triangle a, b, c: positive where it runs counter-clockwise with y upwards, 0 where
 * the three points lie on one line, without rounding.
 */
export function orientation(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  const left = (ax - cx) * (by - cy);
  const right = (ay - cy) * (bx - cx);
  const det = left - right;
  const bound = ERROR_BOUND * (Math.abs(left) + Math.abs(right));
  if (det > bound || -det > bound) return Math.sign(det);
  // Differences that are 0 are so without rounding; products below the normal numbers go the long way.
  if ((ax === cx || by === cy) && (ay === cy || bx === cx)) return 0;
  return exactOrientation(ax, ay, bx, by, cx, cy);
}

function exactOrientation(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  const values = [ax, ay, bx, by, cx, cy];
  const parts = values.map(split);
  const least = Math.min(...parts.map(({ exponent }) => exponent));
  const [pax, pay, pbx, pby, pcx, pcy] = parts.map(
    ({ mantissa, exponent }) => mantissa << BigInt(exponent - least),
  ) as [bigint, bigint, bigint, bigint, bigint, bigint];
  const det = (pax - pcx) * (pby - pcy) - (pay - pcy) * (pbx - pcx);
  return det > 0n ? 1 : det < 0n ? -1 : 0;
}

/** A number as mantissa · 2^exponent. */
function split(value: number): { mantissa: bigint; exponent: number } {
  if (value === 0) return { mantissa: 0n, exponent: 0 };
  bits.setFloat64(0, value);
  const high = bits.getUint32(0);
  const raw = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(bits.getUint32(4));
  const mantissa = raw === 0 ? fraction : fraction | (1n << 52n);
  return { mantissa: value < 0 ? -mantissa : mantissa, exponent: Math.max(raw, 1) - 1075 };
}
