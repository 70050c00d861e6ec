/**
 * Spectral indices from surface reflectances.
 * @module
 */
import { CHUNK, checkLength, type PixelArray } from './pixel-array.ts';
import { normalizedDifferenceSimd } from './simd/pixels.ts';

export type BandRole = 'blue' | 'green' | 'red' | 'nir' | 'swir1' | 'swir2';

export type IndexName = 'ndvi' | 'evi' | 'evi2' | 'savi' | 'msavi2' | 'nbr' | 'ndmi' | 'ndwi' | 'bsi';

/** The bands each index needs, in the order of its formula. */
export const SPECTRAL_INDICES: Readonly<Record<IndexName, { readonly bands: readonly BandRole[] }>> = {
  ndvi: { bands: ['nir', 'red'] },
  evi: { bands: ['nir', 'red', 'blue'] },
  evi2: { bands: ['nir', 'red'] },
  savi: { bands: ['nir', 'red'] },
  msavi2: { bands: ['nir', 'red'] },
  nbr: { bands: ['nir', 'swir2'] },
  ndmi: { bands: ['nir', 'swir1'] },
  ndwi: { bands: ['green', 'nir'] },
  bsi: { bands: ['swir1', 'red', 'nir', 'blue'] },
};

/** One band: surface reflectance = data × scale + offset. */
export interface BandValues {
  readonly data: PixelArray;
  readonly scale: number;
  readonly offset: number;
}

/**
 * (a − b) / (a + b), clipped to [−1, 1]; NaN where the sum is not positive. Negative reflectance is noise of the
 * atmospheric correction: with it, the ratio can leave [−1, 1].
 */
function normalizedDifference(a: number, b: number): number {
  const sum = a + b;
  if (!(sum > 0)) return NaN;
  const value = (a - b) / sum;
  return value > 1 ? 1 : value < -1 ? -1 : value;
}

// One loop per index over a chunk of reflectances. The arguments are in the order of SPECTRAL_INDICES.
type Formula = (
  n: number,
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
) => void;

const difference: Formula = (n, out, a, b) => {
  for (let i = 0; i < n; i++) out[i] = normalizedDifference(a[i]!, b[i]!);
};

const FORMULAE: Readonly<Record<IndexName, Formula>> = {
  /** Rouse et al. 1974. */
  ndvi: difference,
  /** Key & Benson 2006. */
  nbr: difference,
  /** Gao 1996. */
  ndmi: difference,
  /** McFeeters 1996, doi:10.1080/01431169608948714. */
  ndwi: difference,
  /** Huete et al. 2002, doi:10.1016/S0034-4257(02)00096-2. */
  evi(n, out, nir, red, blue) {
    for (let i = 0; i < n; i++) {
      out[i] = (2.5 * (nir[i]! - red[i]!)) / (nir[i]! + 6 * red[i]! - 7.5 * blue[i]! + 1);
    }
  },
  /** Jiang et al. 2008, doi:10.1016/j.rse.2008.06.006. */
  evi2(n, out, nir, red) {
    for (let i = 0; i < n; i++) out[i] = (2.5 * (nir[i]! - red[i]!)) / (nir[i]! + 2.4 * red[i]! + 1);
  },
  /** Huete 1988 with L = 0.5, doi:10.1016/0034-4257(88)90106-X. */
  savi(n, out, nir, red) {
    for (let i = 0; i < n; i++) out[i] = (1.5 * (nir[i]! - red[i]!)) / (nir[i]! + red[i]! + 0.5);
  },
  /** Qi et al. 1994, doi:10.1016/0034-4257(94)90134-1. */
  msavi2(n, out, nir, red) {
    for (let i = 0; i < n; i++) {
      const twice = 2 * nir[i]! + 1;
      out[i] = (twice - Math.sqrt(twice * twice - 8 * (nir[i]! - red[i]!))) / 2;
    }
  },
  /** Rikimaru et al. 2002: bare soil is bright in SWIR and red, vegetation in NIR. */
  bsi(n, out, swir1, red, nir, blue) {
    for (let i = 0; i < n; i++) out[i] = normalizedDifference(swir1[i]! + red[i]!, nir[i]! + blue[i]!);
  },
};

/** A band of digital numbers. */
interface DigitalBand extends BandValues {
  readonly data: Uint16Array;
}

function isDigital(band: BandValues): band is DigitalBand {
  return band.data instanceof Uint16Array;
}

/**
 * A normalized difference of digital numbers in one fused pass: the common case, and the hottest loop of reading scenes.
 * Same operations in the same order as the general path, so both give the same bits, and so does their SIMD twin.
 */
export function digitalDifferencePlain(a: DigitalBand, b: DigitalBand, clear: Uint8Array, out: Float32Array): void {
  const { data: aData, scale: aScale, offset: aOffset } = a;
  const { data: bData, scale: bScale, offset: bOffset } = b;
  for (let i = 0; i < out.length; i++) {
    const left = aData[i]! * aScale + aOffset;
    const right = bData[i]! * bScale + bOffset;
    const sum = left + right;
    let value = (left - right) / sum;
    if (value > 1) value = 1;
    else if (value < -1) value = -1;
    out[i] = clear[i] !== 0 && sum > 0 ? value : NaN;
  }
}

/** Reflectances of `data[start … start + n)` in float64. */
function reflectance(band: BandValues, start: number, n: number, out: Float64Array): void {
  out.set(band.data.subarray(start, start + n));
  const { scale, offset } = band;
  for (let i = 0; i < n; i++) out[i] = out[i]! * scale + offset;
}

/**
 * A spectral index of every clear pixel. Computed in float64, stored as float32.
 *
 * Normalized differences (ndvi, nbr, ndmi, ndwi, bsi) lie in [−1, 1] and are NaN where the sum is not positive;
 * the others are not clipped, and NaN where the formula has no finite value.
 *
 * @param name Which index; {@link SPECTRAL_INDICES} lists the bands it needs.
 * @param bands The bands by role, each of length n; others are ignored.
 * @param clear Length n; 1 = use the pixel.
 * @param out Length n. NaN where the pixel is not clear or a band is NaN.
 * @throws {TypeError} if a band the index needs is absent.
 * @throws {RangeError} if lengths differ.
 */
export function spectralIndex(
  name: IndexName,
  bands: Partial<Record<BandRole, BandValues>>,
  clear: Uint8Array,
  out: Float32Array,
): void {
  const length = out.length;
  checkLength('clear', clear.length, length);
  const used = SPECTRAL_INDICES[name].bands.map((role) => {
    const band = bands[role];
    if (band === undefined) throw new TypeError(`Expected a ${role} band for ${name}, got none`);
    checkLength(`${role} band`, band.data.length, length);
    return band;
  });
  const [first, second] = used;
  if (FORMULAE[name] === difference && isDigital(first!) && isDigital(second!)) {
    if (!normalizedDifferenceSimd(first, second, clear, out)) digitalDifferencePlain(first, second, clear, out);
    return;
  }
  const size = Math.min(CHUNK, length);
  const [a, b, c, d, index] = Array.from({ length: 5 }, () => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const scratch = [a, b, c, d];
  const formula = FORMULAE[name];
  for (let start = 0; start < length; start += CHUNK) {
    const n = Math.min(CHUNK, length - start);
    for (let k = 0; k < used.length; k++) reflectance(used[k]!, start, n, scratch[k]!);
    formula(n, index, a, b, c, d);
    for (let i = 0; i < n; i++) {
      const value = index[i]!;
      out[start + i] = clear[start + i] !== 0 && Number.isFinite(value) ? value : NaN;
    }
  }
}
