/**
 * Options of the segmentation, and the arrays it works in.
 * @module
 */

/**
 * How the vertices of a series are found: `landtrendr`, as published; `partition`, by the best partition into levels and
 * lines, which misses fewer abrupt breaks. See docs/segmentation.md.
 */
export type SegmentationMethod = 'partition' | 'landtrendr';

/** The parameters by their published names (Kennedy et al. 2010, 2018). */
export interface SegmentationParameters {
  /** Segments at most. */
  readonly maxSegments: number;
  /** Spikes above this share are dampened, 0–1; 1 = none. */
  readonly spikeThreshold: number;
  /** Candidate vertices beyond maxSegments + 1. `landtrendr` only. */
  readonly vertexCountOvershoot: number;
  /** A rise in the last year alone is no segment. */
  readonly preventOneYearRecovery: boolean;
  /** No segment may rise by more than this share of the fitted range in a year. */
  readonly recoveryThreshold: number;
  /** With a larger p of F the series is level. */
  readonly pvalThreshold: number;
  /** The most detailed trajectory with p ≤ (2 − this) · smallest p is taken. `landtrendr` only. */
  readonly bestModelProportion: number;
  /** Series with fewer values are not segmented; at least 4. */
  readonly minObservationsNeeded: number;
}

export interface SegmentationOptions extends SegmentationParameters {
  readonly method: SegmentationMethod;
}

/** Published, in the program and in Earth Engine's guide. */
const PUBLISHED: SegmentationParameters = {
  maxSegments: 6,
  spikeThreshold: 0.9,
  vertexCountOvershoot: 3,
  preventOneYearRecovery: true,
  recoveryThreshold: 0.25,
  pvalThreshold: 0.05,
  bestModelProportion: 0.75,
  minObservationsNeeded: 6,
};

/**
 * Defaults of each method. `partition` differs in two: a step takes a segment of its own, so a mine opened twice has
 * more than 6; and sown land does turn green within a year, which the published rule for forests takes for an error.
 */
export const SEGMENTATION_DEFAULTS: Readonly<Record<SegmentationMethod, SegmentationOptions>> = {
  landtrendr: { method: 'landtrendr', ...PUBLISHED },
  partition: { method: 'partition', ...PUBLISHED, maxSegments: 12, recoveryThreshold: 1 },
};

/** An unexplained share of the sum of squares below this is rounding. */
export const ROUNDING = 1e-12;

/** Arrays that are reused from pixel to pixel. The series goes in, its trajectory comes out. */
export interface Segmenter {
  readonly options: SegmentationOptions;
  /** The series without gaps: times, and values as they are. */
  readonly t: Float64Array;
  readonly raw: Float64Array;
  /** The values without spikes. */
  readonly y: Float64Array;
  /** The trajectory: indices into t, ascending, and fitted values. */
  readonly vertices: Int32Array;
  readonly fitted: Float64Array;
  /** p of F, and root mean square error against the values as they are. */
  readonly quality: { p: number; rmse: number };
  /** By segment of the search: mean square, and where it would be split (−1 = nowhere). */
  readonly meanSquare: Float64Array;
  readonly splitAt: Int32Array;
  /** Vertices before and while some are left out. */
  readonly candidates: Int32Array;
  readonly tried: Int32Array;
  /** Normal equations of the least-squares fit. */
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
  /** Trajectories of `landtrendr`, the most detailed first: each has one vertex less than the one before it. */
  readonly modelVertices: readonly Int32Array[];
  readonly modelFitted: readonly Float64Array[];
  readonly modelLogP: Float64Array;
  /** Of the best partition that ends at each value: its cost, start of its last stretch, parameters, sum of squares. */
  readonly cost: Float64Array;
  readonly start: Int32Array;
  readonly parameters: Int32Array;
  readonly squares: Float64Array;
  /** Differences of neighbours. */
  readonly steps: Float64Array;
  /** Starts of the stretches. */
  readonly starts: Int32Array;
}

/**
 * Arrays for series of at most `nTimes` values.
 *
 * @throws {RangeError} if an option is outside its range.
 */
export function segmenter(nTimes: number, options: SegmentationOptions): Segmenter {
  checkOptions(options);
  const { maxSegments, vertexCountOvershoot } = options;
  const room = maxSegments + 1 + vertexCountOvershoot;
  const series = () => new Float64Array(nTimes);
  return {
    options,
    t: series(),
    raw: series(),
    y: series(),
    vertices: new Int32Array(room),
    fitted: new Float64Array(room),
    quality: { p: NaN, rmse: NaN },
    meanSquare: new Float64Array(room),
    splitAt: new Int32Array(room),
    candidates: new Int32Array(room),
    tried: new Int32Array(room),
    diagonal: new Float64Array(room),
    beside: new Float64Array(room),
    modelVertices: Array.from({ length: maxSegments }, () => new Int32Array(maxSegments + 1)),
    modelFitted: Array.from({ length: maxSegments }, () => new Float64Array(maxSegments + 1)),
    modelLogP: new Float64Array(maxSegments),
    cost: series(),
    start: new Int32Array(nTimes),
    parameters: new Int32Array(nTimes),
    squares: series(),
    steps: series(),
    starts: new Int32Array(room),
  };
}

/** Ranges of the whole-number options. More segments than this describe noise, and cost n · segments in memory. */
const WHOLE = { maxSegments: [1, 60], vertexCountOvershoot: [0, 60], minObservationsNeeded: [4, 10_000] } as const;

function checkOptions(options: SegmentationOptions): void {
  for (const name of ['maxSegments', 'vertexCountOvershoot', 'minObservationsNeeded'] as const) {
    const [least, most] = WHOLE[name];
    const value = options[name];
    if (!(Number.isInteger(value) && value >= least && value <= most)) {
      throw new RangeError(`Expected ${name} as a whole number from ${least} to ${most}, got ${value}`);
    }
  }
  for (const name of ['spikeThreshold', 'recoveryThreshold', 'pvalThreshold', 'bestModelProportion'] as const) {
    const value = options[name];
    if (!(value >= 0 && value <= 1)) throw new RangeError(`Expected ${name} from 0 to 1, got ${value}`);
  }
}
