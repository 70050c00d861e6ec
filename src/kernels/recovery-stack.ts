/**
 * What the recovery metrics look at; see ./recovery-metrics.ts.
 * @module
 */

/**
 * The cover and states of some pixels. A class: code that was compiled for an object literal is thrown away when the literal is
 * made a second time.
 */
export class RecoveryStack {
  readonly fvc: Float32Array;
  readonly state: Uint8Array;
  readonly nTimes: number;
  readonly nPixels: number;
  readonly reference: Float64Array;
  readonly perPixel: boolean;
  readonly years: ArrayLike<number>;
  /** Index of each calendar year from the first on; −1 where the series has none. */
  readonly timeOf: Int32Array;
  readonly disturbedYear: Uint16Array;
  readonly recoveredYear: Uint16Array;

  constructor(
    fvc: Float32Array,
    state: Uint8Array,
    nTimes: number,
    nPixels: number,
    reference: Float64Array,
    perPixel: boolean,
    years: ArrayLike<number>,
    disturbedYear: Uint16Array,
    recoveredYear: Uint16Array,
  ) {
    this.fvc = fvc;
    this.state = state;
    this.nTimes = nTimes;
    this.nPixels = nPixels;
    this.reference = reference;
    this.perPixel = perPixel;
    this.years = years;
    this.timeOf = timesByYear(years, nTimes);
    this.disturbedYear = disturbedYear;
    this.recoveredYear = recoveredYear;
  }

  /** The cover of a calendar year; NaN where the series does not have it. */
  valueIn(year: number, pixel: number): number {
    const step = year - this.years[0]!;
    const t = step >= 0 && step < this.timeOf.length ? this.timeOf[step]! : -1;
    return t < 0 ? NaN : this.fvc[t * this.nPixels + pixel]!;
  }
}

/** Index of each calendar year from the first on; −1 where the series has none. */
function timesByYear(years: ArrayLike<number>, nTimes: number): Int32Array {
  const out = new Int32Array(nTimes === 0 ? 0 : years[nTimes - 1]! - years[0]! + 1).fill(-1);
  for (let t = 0; t < nTimes; t++) out[years[t]! - years[0]!] = t;
  return out;
}
