/**
 * The states of the land, four pixels at a time: what is a branch in the other twin is a mask here.
 * @module
 */

/** Codes as in LAND_STATE. */
const UNDISTURBED = 1;
const DISTURBED = 2;
const RECOVERING = 3;
const RECOVERED = 4;
const NO_DATA = 255;

/** The comparison of four float32 with four float64, as a mask of four. */
function masks(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(low, high, 0, 2, 4, 6);
}

/**
 * @param fvc float32 in [t][pixel] order, `stride` bytes a year.
 * @param reference float64 a pixel, or a year.
 * @param years int32, above 0.
 * @param state uint8 in [t][pixel] order, `stride`/4 bytes a year.
 * @param first int32 a pixel: year of the first disturbance, then, `stride` bytes on, of the first recovery.
 */
export function states(
  fvc: usize,
  stride: usize,
  nTimes: i32,
  count: i32,
  reference: usize,
  perPixel: bool,
  years: usize,
  disturbedBelow: f64,
  recoveredAbove: f64,
  disturbedYears: i32,
  recoveredYears: i32,
  assessableFrom: f64,
  state: usize,
  first: usize,
): void {
  const one = i32x4.splat(1);
  const undisturbed = i32x4.splat(UNDISTURBED);
  const disturbed = i32x4.splat(DISTURBED);
  const recovering = i32x4.splat(RECOVERING);
  const recovered = i32x4.splat(RECOVERED);
  const noData = i32x4.splat(NO_DATA);
  const below = f64x2.splat(disturbedBelow);
  const above = f64x2.splat(recoveredAbove);
  const from = f64x2.splat(assessableFrom);
  const enoughLow = i32x4.splat(disturbedYears);
  const enoughHigh = i32x4.splat(recoveredYears);
  for (let i: usize = 0; i < <usize>count; i += 4) {
    let now = undisturbed;
    let lowYears = i32x4.splat(0);
    let highYears = i32x4.splat(0);
    let firstDisturbed = i32x4.splat(0);
    let firstRecovered = i32x4.splat(0);
    let levelA = v128.load(reference + (perPixel ? i << 3 : 0));
    let levelB = v128.load(reference + (perPixel ? i << 3 : 0), 16);
    let at = fvc + (i << 2);
    let to = state + i;
    for (let t = 0; t < nTimes; t++, at += stride, to += stride >> 2) {
      if (!perPixel) {
        levelA = v128.load64_splat(reference + ((<usize>t) << 3));
        levelB = levelA;
      }
      const cover = v128.load(at);
      const coverA = f64x2.promote_low_f32x4(cover);
      const coverB = f64x2.promote_low_f32x4(v128.shuffle<i64>(cover, cover, 1, 1));
      const valid = f32x4.eq(cover, cover);
      const assessable = masks(f64x2.ge(levelA, from), f64x2.ge(levelB, from));
      const used = v128.and(valid, assessable);
      const low = masks(f64x2.le(coverA, f64x2.mul(below, levelA)), f64x2.le(coverB, f64x2.mul(below, levelB)));
      const high = masks(f64x2.ge(coverA, f64x2.mul(above, levelA)), f64x2.ge(coverB, f64x2.mul(above, levelB)));
      lowYears = v128.bitselect(v128.and(i32x4.add(lowYears, one), low), lowYears, used);
      highYears = v128.bitselect(v128.and(i32x4.add(highYears, one), high), highYears, used);
      const year = v128.load32_splat(years + ((<usize>t) << 2));
      const isDisturbed = i32x4.eq(now, disturbed);
      const recovers = v128.and(used, v128.andnot(isDisturbed, low));
      const falls = v128.and(used, v128.andnot(i32x4.ge_s(lowYears, enoughLow), isDisturbed));
      now = v128.bitselect(recovering, now, recovers);
      now = v128.bitselect(disturbed, now, falls);
      firstDisturbed = v128.or(
        firstDisturbed,
        v128.and(year, v128.and(falls, i32x4.eq(firstDisturbed, i32x4.splat(0)))),
      );
      const isBack = v128.and(used, v128.and(i32x4.eq(now, recovering), i32x4.ge_s(highYears, enoughHigh)));
      now = v128.bitselect(recovered, now, isBack);
      firstRecovered = v128.or(
        firstRecovered,
        v128.and(year, v128.and(isBack, i32x4.eq(firstRecovered, i32x4.splat(0)))),
      );
      const code = v128.bitselect(v128.and(now, assessable), noData, valid);
      const halves = i16x8.narrow_i32x4_s(code, code);
      v128.store32_lane(to, i8x16.narrow_i16x8_u(halves, halves), 0);
    }
    v128.store(first + (i << 2), firstDisturbed);
    v128.store(first + (i << 2) + stride, firstRecovered);
  }
}
