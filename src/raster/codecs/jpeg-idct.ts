/**
 * From the coefficients of a JPEG component to its samples.
 *
 * The inverse transform is the one of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) in fixed point with the constants
 * and roundings of the IJG library's accurate integer method, so that samples are equal to GDAL's and not only near.
 * @module
 */
import type { JpegComponent } from './jpeg-scan.ts';

const PASS_BITS = 2;
const FIRST_SHIFT = 13 - PASS_BITS;
const SECOND_SHIFT = 13 + PASS_BITS + 3;

const workspace = new Int32Array(64);

/** The samples of a component: rows of `blocksAcross × 8` bytes. */
export function inverseTransform(component: JpegComponent): Uint8Array {
  const { coefficients, quantization, blocksAcross, blocksDown } = component;
  if (quantization === undefined) throw new RangeError('JPEG without data for one of its components');
  const stride = blocksAcross * 8;
  const out = new Uint8Array(stride * blocksDown * 8);
  for (let y = 0, at = 0; y < blocksDown; y++) {
    for (let x = 0; x < blocksAcross; x++, at += 64) {
      columns(coefficients, at, quantization);
      rows(out, y * 8 * stride + x * 8, stride);
    }
  }
  return out;
}

function columns(coefficients: Int16Array, at: number, q: Uint16Array): void {
  const w = workspace;
  for (let i = 0; i < 8; i++) {
    const c = at + i;
    const c0 = coefficients[c]! * q[i]!;
    const c1 = coefficients[c + 8]! * q[i + 8]!;
    const c2 = coefficients[c + 16]! * q[i + 16]!;
    const c3 = coefficients[c + 24]! * q[i + 24]!;
    const c4 = coefficients[c + 32]! * q[i + 32]!;
    const c5 = coefficients[c + 40]! * q[i + 40]!;
    const c6 = coefficients[c + 48]! * q[i + 48]!;
    const c7 = coefficients[c + 56]! * q[i + 56]!;
    if ((c1 | c2 | c3 | c4 | c5 | c6 | c7) === 0) {
      const dc = c0 << PASS_BITS;
      for (let k = i; k < 64; k += 8) w[k] = dc;
      continue;
    }
    transform(c0, c1, c2, c3, c4, c5, c6, c7, i, 8, FIRST_SHIFT);
  }
}

function rows(out: Uint8Array, at: number, stride: number): void {
  const w = workspace;
  for (let row = 0, i = 0; row < 8; row++, i += 8, at += stride) {
    transform(w[i]!, w[i + 1]!, w[i + 2]!, w[i + 3]!, w[i + 4]!, w[i + 5]!, w[i + 6]!, w[i + 7]!, i, 1, SECOND_SHIFT);
    for (let k = 0; k < 8; k++) {
      const value = w[i + k]! + 128;
      out[at + k] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}

/** One-dimensional inverse transform of eight numbers; constants are multiplied by 2^13. */
function transform(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  c4: number,
  c5: number,
  c6: number,
  c7: number,
  at: number,
  step: number,
  shift: number,
): void {
  const w = workspace;
  const e1 = Math.imul(c2 + c6, 4433);
  const e2 = e1 - Math.imul(c6, 15137);
  const e3 = e1 + Math.imul(c2, 6270);
  const round = 1 << (shift - 1);
  const sum = ((c0 + c4) << 13) + round;
  const difference = ((c0 - c4) << 13) + round;
  const t10 = sum + e3;
  const t13 = sum - e3;
  const t11 = difference + e2;
  const t12 = difference - e2;

  const z5 = Math.imul(c7 + c3 + c5 + c1, 9633);
  const z1 = -Math.imul(c7 + c1, 7373);
  const z2 = -Math.imul(c5 + c3, 20995);
  const z3 = z5 - Math.imul(c7 + c3, 16069);
  const z4 = z5 - Math.imul(c5 + c1, 3196);
  const o0 = Math.imul(c7, 2446) + z1 + z3;
  const o1 = Math.imul(c5, 16819) + z2 + z4;
  const o2 = Math.imul(c3, 25172) + z2 + z3;
  const o3 = Math.imul(c1, 12299) + z1 + z4;

  w[at] = (t10 + o3) >> shift;
  w[at + 7 * step] = (t10 - o3) >> shift;
  w[at + step] = (t11 + o2) >> shift;
  w[at + 6 * step] = (t11 - o2) >> shift;
  w[at + 2 * step] = (t12 + o1) >> shift;
  w[at + 5 * step] = (t12 - o1) >> shift;
  w[at + 3 * step] = (t13 + o0) >> shift;
  w[at + 4 * step] = (t13 - o0) >> shift;
}
