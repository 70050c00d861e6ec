/**
 * Fractional vegetation cover from a vegetation index.
 * @module
 */
import { checkLength } from './pixel-array.ts';
import { coverSimd } from './simd/pixels.ts';

/** `linear`: Gutman & Ignatov 1998. `squared`: Carlson & Ripley 1997, the square of the linear cover. */
export type CoverModel = 'linear' | 'squared';

/**
 * Dimidiate pixel model: cover = (index − soil) / (vegetation − soil), clipped to [0, 1], computed in float64.
 *
 * Gutman & Ignatov 1998, doi:10.1080/014311698215333; squared: Carlson & Ripley 1997, doi:10.1016/S0034-4257(97)00104-1.
 * (Feng et al. 2025 print the denominator as index − vegetation, which is a misprint: bare soil would not give 0.)
 *
 * @param index Vegetation index, unitless, length n.
 * @param soil Index of bare soil: cover 0.
 * @param vegetation Index of full cover: cover 1.
 * @param out Cover, unitless in [0, 1], length n; may alias `index`. NaN where the index is NaN.
 * @throws {RangeError} if lengths differ, or unless both endpoints are finite and vegetation > soil.
 */
export function fractionalCover(
  index: Float32Array,
  soil: number,
  vegetation: number,
  model: CoverModel,
  out: Float32Array,
): void {
  checkLength('out', out.length, index.length);
  if (!Number.isFinite(soil) || !Number.isFinite(vegetation) || vegetation <= soil) {
    throw new RangeError(
      `Expected finite endpoints with vegetation above soil, got soil ${soil}, vegetation ${vegetation}`,
    );
  }
  const range = vegetation - soil;
  const squared = model === 'squared';
  if (!coverSimd(index, soil, range, squared, out)) fractionalCoverPlain(index, soil, range, squared, out);
}

/** {@link fractionalCover} by typed arrays alone: the same bits. `range` is vegetation − soil. */
export function fractionalCoverPlain(
  index: Float32Array,
  soil: number,
  range: number,
  squared: boolean,
  out: Float32Array,
): void {
  for (let i = 0; i < index.length; i++) {
    // Clipped before it is squared, or an index below bare soil would turn green. NaN fails both tests and passes.
    let cover = (index[i]! - soil) / range;
    if (cover < 0) cover = 0;
    else if (cover > 1) cover = 1;
    out[i] = squared ? cover * cover : cover;
  }
}
